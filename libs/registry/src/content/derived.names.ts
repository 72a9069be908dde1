import { type CropsHeader, type EmbeddingsHeader, firstAssetIn } from '@facelane/contracts';
import type { PhotoUse } from './photo-uses.js';

type Header = CropsHeader | EmbeddingsHeader;

/** Whether the header names the asset as the first with these bytes, in whichever collection. */
export function namesAsset(header: Header, assetId: string): boolean {
  return header.assetId === assetId || firstsOf(header).some((first) => first.assetId === assetId);
}

/** Names the asset as the first of its collection, unless there is one. */
export function withFirst(header: EmbeddingsHeader, { collection, assetId }: PhotoUse): EmbeddingsHeader {
  if (firstAssetIn(header, collection) !== undefined) return header;
  return { ...header, firsts: [...firstsOf(header), { collection, assetId }] };
}

/**
 * Puts `to` where `from` was named. Where `to` is of another collection, nobody is left in that of `from`: then the
 * object passes to a collection that has a first asset already, if there is one, for that one has its duplicates.
 */
export function renamed<H extends Header>(header: H, from: PhotoUse, to: PhotoUse): H {
  if (!namesAsset(header, from.assetId)) return header;
  const isBeside = to.collection === from.collection;
  const firsts = firstsOf(header);
  if (header.assetId !== from.assetId) {
    const left = firsts.filter(({ assetId }) => assetId !== from.assetId);
    return withFirsts(header, isBeside ? [...left, useOf(to)] : left);
  }
  const { collection, assetId } = isBeside ? to : (firsts[0] ?? to);
  const left = firsts.filter((first) => first.collection !== collection);
  return withFirsts({ ...header, collection, assetId }, left);
}

const firstsOf = (header: Header): readonly PhotoUse[] => (header.kind === 'embeddings' ? (header.firsts ?? []) : []);

const useOf = ({ collection, assetId }: PhotoUse): PhotoUse => ({ collection, assetId });

/** Without the member when there are none, as it was before there was one. */
function withFirsts<H extends Header>(header: H, firsts: readonly PhotoUse[]): H {
  if (header.kind === 'crops') return header;
  const named = { ...header, firsts: [...firsts] };
  if (firsts.length === 0) Reflect.deleteProperty(named, 'firsts');
  return named;
}
