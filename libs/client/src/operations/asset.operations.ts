import { type FinishedAsset, waitForAsset } from '../asset.waiter.js';
import { callBase, type CallOptions, type Connection } from '../connection.js';
import { createAsset, deleteAsset, getAsset, getCrop, listAssets } from '../generated/sdk.gen.js';
import type {
  AcceptedAsset,
  Asset,
  AssetSummary,
  ListAssetsData,
  NewAsset,
  RemovedAsset,
} from '../generated/types.gen.js';
import { idempotencyKey } from '../idempotency.key.js';
import { type Listing, listing } from '../listing.js';
import { photoBody } from '../photo.body.js';
import type { PhotoInput } from '../photo.input.js';

/** A photo to submit. */
export type NewAssetInput = Omit<NewAsset, 'source'> & { readonly source: PhotoInput };

export interface SubmitOptions extends CallOptions {
  /** By which the API knows a repeated request. Default: a new one for every call. */
  readonly idempotencyKey?: string;
}

/** Photos: submitting them, and what was found in them. */
export class AssetOperations {
  constructor(private readonly connection: Connection) {}

  /** Puts a photo on its way. Answers at once. */
  async submit(asset: NewAssetInput, options: SubmitOptions = {}): Promise<AcceptedAsset> {
    const { headers, ...body } = await photoBody({ ...asset });
    return createAsset({
      ...callBase(this.connection, options),
      ...body,
      headers: { ...headers, 'idempotency-key': options.idempotencyKey ?? idempotencyKey() },
    });
  }

  /** Submits a photo and waits until it is done or has failed; look at `state`. */
  async submitAndWait(asset: NewAssetInput, options: SubmitOptions = {}): Promise<FinishedAsset> {
    const { id } = await this.submit(asset, options);
    return this.wait(id, options);
  }

  /**
   * Waits until a photo is done or has failed; look at `state`.
   *
   * @throws the signal's reason when it aborts; the photo goes on
   */
  wait(asset: string, options: CallOptions = {}): Promise<FinishedAsset> {
    return waitForAsset(() => this.get(asset, options), options.signal);
  }

  /** Where a photo is, and what was found in it. */
  get(asset: string, options?: CallOptions): Promise<Asset> {
    return getAsset({ ...callBase(this.connection, options), path: { asset } });
  }

  /** Photos of a collection, by id. */
  list(query: ListAssetsData['query'], options?: CallOptions): Listing<AssetSummary> {
    return listing((cursor) =>
      listAssets({
        ...callBase(this.connection, options),
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  /** Deletes a photo and every trace of it. */
  delete(asset: string, options?: CallOptions): Promise<RemovedAsset> {
    return deleteAsset({ ...callBase(this.connection, options), path: { asset } });
  }

  /** The thumbnail of a face: JPEG, 112 × 112 pixels, aligned. @param face - `index` of the face */
  async crop(asset: string, face: number, options?: CallOptions): Promise<Uint8Array> {
    const crop = await getCrop({ ...callBase(this.connection, options), path: { asset, face } });
    return new Uint8Array(await crop.arrayBuffer());
  }
}
