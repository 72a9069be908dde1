import { vi } from 'vitest';
import type { ApiCaller } from './api.js';
import type { AssetAnswer } from './api.types.js';

/** Waits until the asset is what the test expects of it; by default, until it has ended. */
export async function awaitAsset(
  api: ApiCaller,
  id: string,
  expected: (asset: AssetAnswer) => boolean = ({ state }) => state !== 'pending',
): Promise<AssetAnswer> {
  return vi.waitFor(
    async () => {
      const asset = await api.json<AssetAnswer>('GET', `/v1/assets/${id}`);
      if (!expected(asset)) throw new Error(`The asset is still ${JSON.stringify(asset)}.`);
      return asset;
    },
    { timeout: 30_000, interval: 50 },
  );
}

/** Submits a photo and waits for its end. */
export async function submitPhoto(
  api: ApiCaller,
  collection: string,
  photo: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): Promise<AssetAnswer> {
  const { id } = await api.form<{ id: string }>('/v1/assets', { source: photo, collection, ...more });
  return awaitAsset(api, id);
}
