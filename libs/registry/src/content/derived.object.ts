import {
  type CropsHeader,
  decodeCrops,
  decodeEmbeddings,
  type EmbeddingsHeader,
  encodeCrops,
  encodeEmbeddings,
  StageError,
} from '@facelane/contracts';

/** A derived object as it is changed: its header, and the numbers of its faces in rows of equal length. */
export interface Derived {
  readonly header: CropsHeader | EmbeddingsHeader;
  readonly rows: Uint8Array | Float32Array;
}

/** @throws StageError STORE.CORRUPT: what cannot be read cannot be shown to be rid of anybody. */
export function decodeDerived(key: string, body: Uint8Array): Derived {
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

export function encodeDerived({ header, rows }: Derived): Uint8Array {
  return header.kind === 'crops'
    ? encodeCrops(header, rows as Uint8Array)
    : encodeEmbeddings(header, rows as Float32Array);
}
