import { CROP_BYTES, type DetectedFace, firstAssetIn, keys, StageError } from '@facelane/contracts';
import type { ObjectStore, PutCondition, StoredObject } from '@facelane/object-store';
import type { DocumentStore } from '../document.store.js';
import type { Exclusion } from '../exclusion.port.js';
import { namesAsset, renamed, withFirst } from './derived.names.js';
import { decodeDerived, type Derived, encodeDerived } from './derived.object.js';
import type { PhotoUse } from './photo-uses.js';

/** Returning what it was given leaves the object alone. */
type Change = (derived: Derived) => Derived;

interface Changed {
  readonly isLost: boolean;
  readonly kept?: Derived;
}

const CONTENT_TYPE = 'application/vnd.facelane.container';
/** As for documents: more lost races in a row than there are writers. */
const MAX_RACES = 100;

/** Changes what models made of a photo: whose it is, and faces that have to go. Two changes at once lose neither. */
export class DerivedEditor {
  constructor(
    private readonly store: ObjectStore,
    private readonly documents: DocumentStore,
    private readonly exclusion: Exclusion,
  ) {}

  /** Keys of all derived objects that the photo may have, of every model contract of the tenant; some are not there. */
  async keysOf(tenant: string, sha256: string): Promise<string[]> {
    const found: string[] = [];
    for await (const contract of this.documents.folders(keys.derived(tenant))) {
      found.push(keys.crops(tenant, contract, sha256), keys.embeddings(tenant, contract, sha256));
    }
    return found;
  }

  /** Whether any derived object of the photo names the asset as the first with these bytes. */
  async names(tenant: string, sha256: string, { assetId }: PhotoUse): Promise<boolean> {
    for (const key of await this.keysOf(tenant, sha256)) {
      const found = await this.read(key);
      if (found !== undefined && namesAsset(decodeDerived(key, found.body).header, assetId)) return true;
    }
    return false;
  }

  /** Puts `to` where the headers name `from`; see `derived.names.ts` for a `to` of another collection. */
  async rename(tenant: string, sha256: string, from: PhotoUse, to: PhotoUse): Promise<void> {
    for (const key of await this.keysOf(tenant, sha256)) {
      await this.change(key, (derived) => {
        const header = renamed(derived.header, from, to);
        return header === derived.header ? derived : { ...derived, header };
      });
    }
  }

  /** The same of an object that is not in the store now. What is no derived object, or damaged, is left as it is. */
  renamedIn(tenant: string, object: StoredObject, from: PhotoUse, to: PhotoUse): StoredObject {
    if (!object.key.startsWith(keys.derived(tenant))) return object;
    try {
      const derived = decodeDerived(object.key, object.body);
      return { ...object, body: encodeDerived({ ...derived, header: renamed(derived.header, from, to) }) };
    } catch {
      return object;
    }
  }

  /**
   * The first asset with these bytes in the collection of `use`, which becomes it when there was none: of any number at
   * once one does. Undefined when the embeddings are gone.
   */
  async first(tenant: string, contract: string, sha256: string, use: PhotoUse): Promise<string | undefined> {
    const kept = await this.change(keys.embeddings(tenant, contract, sha256), (derived) => {
      if (derived.header.kind !== 'embeddings') return derived;
      const header = withFirst(derived.header, use);
      return header === derived.header ? derived : { ...derived, header };
    });
    return kept?.header.kind === 'embeddings' ? firstAssetIn(kept.header, use.collection) : undefined;
  }

  /**
   * Puts zeros in place of the faces' pixels and numbers, in the crops and in the embeddings, and of all that was
   * measured of them; the other faces keep their rows. Returns how many of the faces were not blank before.
   */
  async blank(tenant: string, contract: string, sha256: string, faces: ReadonlySet<number>): Promise<number> {
    if (faces.size === 0) return 0;
    const blanked = new Set<number>();
    for (const key of [keys.crops(tenant, contract, sha256), keys.embeddings(tenant, contract, sha256)]) {
      await this.change(key, (derived) => {
        const known = new Set(derived.header.erased);
        const due = [...faces].filter((row) => row < derived.header.faces.length && !known.has(row));
        for (const row of due) blanked.add(row);
        return due.length === 0 ? derived : withoutFaces(derived, due);
      });
    }
    return blanked.size;
  }

  /** What is there now; undefined when nothing is. */
  private async change(key: string, change: Change): Promise<Derived | undefined> {
    const { conditionalPut } = await this.store.capabilities();
    if (!conditionalPut) {
      return this.exclusion.with(key, async () => (await this.changeOnce(key, change, false)).kept);
    }
    for (let race = 0; race < MAX_RACES; race += 1) {
      const { isLost, kept } = await this.changeOnce(key, change, true);
      if (!isLost) return kept;
    }
    throw new StageError('STORE.UNAVAILABLE', `${key} could not be changed: ${MAX_RACES} writers came first.`);
  }

  /** `isLost`: somebody else was first, and it is not as it should be. */
  private async changeOnce(key: string, change: Change, conditional: boolean): Promise<Changed> {
    const found = await this.read(key);
    if (found === undefined) return { isLost: false };
    const before = decodeDerived(key, found.body);
    const kept = change(before);
    if (kept === before) return { isLost: false, kept };
    const condition: PutCondition = { kind: 'matches', etag: found.etag };
    const { outcome } = await this.store.put(key, encodeDerived(kept), {
      contentType: CONTENT_TYPE,
      ...(conditional && { condition }),
    });
    return { isLost: outcome !== 'stored', kept };
  }

  private async read(key: string): Promise<StoredObject | undefined> {
    return this.store.get(key).catch((error: unknown) => {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    });
  }
}

function withoutFaces({ header, rows }: Derived, due: readonly number[]): Derived {
  const width = header.kind === 'crops' ? CROP_BYTES : header.dimension;
  // Not slice(), which on a Buffer copies nothing.
  const left = rows instanceof Float32Array ? Float32Array.from(rows) : Uint8Array.from(rows);
  for (const row of due) left.fill(0, row * width, (row + 1) * width);
  const faces = header.faces.map((face, row) => (due.includes(row) ? blankFace(face) : face));
  const erased = [...(header.erased ?? []), ...due].sort((a, b) => a - b);
  return { header: { ...header, faces, erased }, rows: left };
}

/** Keeps its place, so that the other faces keep theirs, and says nothing else. */
function blankFace({ index }: DetectedFace): DetectedFace {
  const nowhere = { x: 0, y: 0 };
  const unmeasured = { minSide: 0, interEye: 0, sharpness: 0, brightness: 0, contrast: 0, yaw: 0, pitch: 0, roll: 0 };
  return {
    index,
    box: { ...nowhere, width: 0, height: 0 },
    landmarks: [nowhere, nowhere, nowhere, nowhere, nowhere],
    score: 0,
    quality: { ...unmeasured, cut: false },
  };
}
