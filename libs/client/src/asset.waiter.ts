import { delay } from './delay.js';
import type { Asset, AssetFailure, AssetResult } from './generated/types.gen.js';

/** A photo that the API has done with. */
export type FinishedAsset = DoneAsset | FailedAsset;

export type DoneAsset = Asset & { readonly state: 'done'; readonly result: AssetResult };

/** `failure` says why, and what to do. It may be missing for a moment after the photo has failed. */
export type FailedAsset = Asset & { readonly state: 'failed'; readonly failure?: AssetFailure };

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
const GROWTH = 1.5;

/**
 * Asks for an asset, ever more rarely, until it is done or has failed. How long that takes depends on how many photos
 * are before it: give a signal, such as `AbortSignal.timeout(60_000)`, to wait no longer than that.
 *
 * @throws the signal's reason when it aborts
 */
export async function waitForAsset(
  read: () => Promise<Asset>,
  signal: AbortSignal | undefined,
  wait: typeof delay = delay,
): Promise<FinishedAsset> {
  for (let ms = FIRST_WAIT_MS; ; ms = Math.min(ms * GROWTH, LONGEST_WAIT_MS)) {
    const asset = await read();
    if (isFinished(asset)) return asset;
    await wait(ms, signal);
  }
}

const isFinished = (asset: Asset): asset is FinishedAsset =>
  asset.state === 'failed' || (asset.state === 'done' && asset.result !== undefined);
