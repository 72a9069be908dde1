import { CROP_BYTES, type CropsHeader } from '@facelane/contracts';

/** The pixels of one face, 112 × 112 × 3 bytes RGB; undefined when there is none, or none any more. */
export function cropOf(
  { header, crops }: { readonly header: CropsHeader; readonly crops: Uint8Array },
  face: number,
): Uint8Array | undefined {
  const row = header.faces.findIndex(({ index }) => index === face);
  if (row === -1 || header.erased?.includes(row) === true) return undefined;
  return crops.slice(row * CROP_BYTES, (row + 1) * CROP_BYTES);
}
