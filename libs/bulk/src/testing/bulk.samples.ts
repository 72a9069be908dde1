import { randomUUID } from 'node:crypto';
import type { AssetDocument, BulkJobDocument, IngestJob, ResultDocument } from '@facelane/contracts';
import type { SourceItem } from '../source/source.item.js';

/** What the pipeline does with an item, by the first word of its key. */
export type ItemKind = 'face' | 'empty' | 'copy' | 'bad' | 'broken';

/** `face-3` is the same item wherever it stands in a list. */
export type ItemName = `${ItemKind}-${number}`;

/** A source that lies in memory: what each cursor stands for is the number of items before it. */
export async function* readItems(items: readonly ItemName[], cursor = '0'): AsyncGenerator<SourceItem> {
  for (let at = Number(cursor); at < items.length; at += 1) {
    const name = items[at]!;
    const place = { line: at + 1, cursor: String(at + 1) };
    await Promise.resolve();
    if (name.startsWith('broken')) {
      yield { ...place, broken: { code: 'BULK.LINE_INVALID', message: 'no item', text: name } };
    } else {
      yield {
        ...place,
        item: { source: { kind: 'object', bucket: 'photos', key: name }, name: `s3://photos/${name}` },
      };
    }
  }
}

let made = 0;

export function jobOf(more: Partial<BulkJobDocument> = {}): BulkJobDocument {
  return {
    ...{ version: 1, tenant: 'acme', id: randomUUID(), collection: `c-${randomUUID()}`, contract: 'c-1', wish: 'run' },
    source: { kind: 'manifest', bucket: 'photos', key: 'manifest.jsonl' },
    options: { onlyNew: false, weight: 1, window: 200, notify: 'none' },
    // Results are told apart by this time.
    createdAt: new Date(Date.UTC(2026, 0, 1) + (made += 1)).toISOString(),
    ...more,
  };
}

const PHOTO = { sha256: 'ab'.repeat(32), bytes: 1, format: 'jpeg', width: 1, height: 1 } as const;

export function assetOf({
  tenant,
  collection,
  assetId: id,
  contract,
  source,
  intent,
  submittedAt,
  bulk,
}: IngestJob): AssetDocument {
  return {
    ...{ version: 1, tenant, collection, id, contract, source, intent, submittedAt, photo: PHOTO },
    ...(bulk !== undefined && { bulk }),
  };
}

export function resultOf(
  { tenant, collection, assetId, contract, submittedAt }: IngestJob,
  key: string,
): ResultDocument {
  return {
    ...{ version: 1, state: 'done', tenant, collection, assetId, contract, submittedAt, photo: PHOTO, droppedFaces: 0 },
    faces: key.startsWith('empty') ? [] : [FACE],
    ...(key.startsWith('copy') && { duplicateOf: ORIGINAL }),
  };
}

export const ORIGINAL = '00000000-0000-5000-8000-000000000001';
export const PERSON = '00000000-0000-5000-8000-000000000002';

type P = typeof POINT;
const POINT = { x: 0, y: 0 };

const FACE = {
  index: 0,
  box: { x: 0, y: 0, width: 1, height: 1 },
  landmarks: [POINT, POINT, POINT, POINT, POINT] satisfies unknown[] as [P, P, P, P, P],
  score: 0.9,
  quality: {
    ...{ minSide: 1, interEye: 1, sharpness: 1, brightness: 1, contrast: 1, yaw: 0, pitch: 0, roll: 0 },
    cut: false,
  },
  pointId: ORIGINAL,
  decision: 'match' as const,
  personId: PERSON,
  candidates: [{ personId: PERSON, name: 'Ada', score: 0.5, referenceId: ORIGINAL }],
  threshold: { cosine: 0.4, fmr: 1e-4 },
};

/** The result as an erasure of `PERSON` leaves it, apart from that the face goes too. */
export function withoutPerson(result: ResultDocument): ResultDocument {
  if (result.state !== 'done') return result;
  return {
    ...result,
    faces: result.faces.map((face) => ({ ...face, decision: 'none', personId: undefined, candidates: [] })),
  };
}
