import {
  type CropsHeader,
  CROP_BYTES,
  decodeCrops,
  decodeEmbeddings,
  type DetectedFace,
  type EmbeddingsHeader,
  encodeCrops,
  encodeEmbeddings,
  keys,
  StageError,
} from '@facelane/contracts';
import type { ObjectStore, PutCondition, StoredObject } from '@facelane/object-store';
import type { DocumentStore } from '../document.store.js';
import type { Exclusion } from '../exclusion.port.js';
import type { PhotoUse } from './photo-uses.js';

/** A derived object as it is changed: its header, and the numbers of its faces in rows of equal length. */
interface Derived {
  readonly header: CropsHeader | EmbeddingsHeader;
  readonly rows: Uint8Array | Float32Array;
}

/** Returning what it was given leaves the object alone. */
type Change = (derived: Derived) => Derived;

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

  /** Whether any derived object of the photo names the asset as the one it was made for. */
  async names(tenant: string, sha256: string, { assetId }: PhotoUse): Promise<boolean> {
    for (const key of await this.keysOf(tenant, sha256)) {
      const found = await this.read(key);
      if (found !== undefined && decode(key, found.body).header.assetId === assetId) return true;
    }
    return false;
  }

  /** Puts `to` where the headers name `from`. */
  async rename(tenant: string, sha256: string, from: PhotoUse, to: PhotoUse): Promise<void> {
    for (const key of await this.keysOf(tenant, sha256)) {
      await this.change(key, (derived) =>
        derived.header.assetId === from.assetId
          ? { ...derived, header: { ...derived.header, assetId: to.assetId, collection: to.collection } }
          : derived,
      );
    }
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

  private async change(key: string, change: Change): Promise<void> {
    const { conditionalPut } = await this.store.capabilities();
    if (!conditionalPut) {
      await this.exclusion.with(key, () => this.changeOnce(key, change, false));
      return;
    }
    for (let race = 0; race < MAX_RACES; race += 1) {
      if (await this.changeOnce(key, change, true)) return;
    }
    throw new StageError('STORE.UNAVAILABLE', `${key} could not be changed: ${MAX_RACES} writers came first.`);
  }

  /** Whether it is as it should be now; false when somebody else was first. */
  private async changeOnce(key: string, change: Change, conditional: boolean): Promise<boolean> {
    const found = await this.read(key);
    if (found === undefined) return true;
    const before = decode(key, found.body);
    const after = change(before);
    if (after === before) return true;
    const condition: PutCondition = { kind: 'matches', etag: found.etag };
    const { outcome } = await this.store.put(key, encode(after), {
      contentType: CONTENT_TYPE,
      ...(conditional && { condition }),
    });
    return outcome === 'stored';
  }

  private async read(key: string): Promise<StoredObject | undefined> {
    return this.store.get(key).catch((error: unknown) => {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    });
  }
}

/** @throws StageError STORE.CORRUPT: what cannot be read cannot be shown to be rid of anybody. */
function decode(key: string, body: Uint8Array): Derived {
  try {
    if (key.endsWith('.crops')) {
      const { header, crops } = decodeCrops(body);
      return { header, rows: crops };
    }
    const { header, vectors } = decodeEmbeddings(body);
    const rows = new Float32Array(header.faces.length * header.dimension);
    vectors.forEach((vector, row) => rows.set(vector, row * header.dimension));
    return { header, rows };
  } catch (error) {
    throw new StageError('STORE.CORRUPT', `${key} is damaged.`, { safeDetails: { key }, cause: error });
  }
}

function encode({ header, rows }: Derived): Uint8Array {
  return header.kind === 'crops'
    ? encodeCrops(header, rows as Uint8Array)
    : encodeEmbeddings(header, rows as Float32Array);
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
