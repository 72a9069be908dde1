import type { SnsTopic } from '@facelane/config';
import { type CollectionDocument, uuidV5 } from '@facelane/contracts';
import type { Caller } from '../../access/caller.js';
import { ProblemError } from '../../problem/problem.error.js';
import { type BucketEvent, bucketEventSchema, type SnsMessage } from '../../schemas/notification.schema.js';
import type { AssetIntake } from '../asset.intake.js';
import type { CollectionLookup } from '../collection.lookup.js';
import { createdPhotos, type CreatedObject } from './created.objects.js';
import type { SnsGate } from './sns.gate.js';

export type Notification = SnsMessage | BucketEvent;

export interface NotificationAnswer {
  /** Assets that were submitted. */
  readonly assets: string[];
  /** Records that are no new photo by their name, or none that the tenant may use. */
  readonly passedOver: number;
  /** The message asked whether it may come, and was told yes. */
  readonly confirmed: boolean;
}

const NOTHING: NotificationAnswer = { assets: [], passedOver: 0, confirmed: false };

/** Submits what a bucket says is new. The same event again is the same asset. */
export class NotificationDesk {
  constructor(
    private readonly topics: readonly SnsTopic[],
    private readonly gate: Pick<SnsGate, 'requireSigned' | 'confirm'>,
    private readonly lookup: Pick<CollectionLookup, 'requireUsable'>,
    private readonly intake: Pick<AssetIntake, 'accept'>,
  ) {}

  /** @throws ProblemError API.KEY_MISSING, API.NOTIFICATION_REFUSED, API.COLLECTION_MISSING, API.CONTRACT_MISMATCH */
  async take(
    caller: Caller,
    collectionId: string,
    notification: Notification,
    signal: AbortSignal,
  ): Promise<NotificationAnswer> {
    const tenant = this.tenantOf(caller, notification);
    if (!isSns(notification)) return this.submit(tenant, collectionId, notification, signal);
    await this.gate.requireSigned(notification, signal);
    switch (notification.Type) {
      case 'Notification':
        return this.submit(tenant, collectionId, eventOf(notification), signal);
      case 'SubscriptionConfirmation':
        await this.lookup.requireUsable(tenant, collectionId);
        await this.gate.confirm(notification, signal);
        return { ...NOTHING, confirmed: true };
      case 'UnsubscribeConfirmation':
        return NOTHING;
    }
  }

  /** A caller with a key acts for its tenant; without one, the topic says whose photos they are. */
  private tenantOf(caller: Caller, notification: Notification): string {
    if (caller.tenant !== '') return caller.tenant;
    if (!isSns(notification)) throw new ProblemError('API.KEY_MISSING', 'The request has no Authorization header.');
    const topic = this.topics.find(({ arn }) => arn === notification.TopicArn);
    if (topic !== undefined) return topic.tenant;
    throw new ProblemError('API.NOTIFICATION_REFUSED', 'The topic of the message is not one of API_SNS_TOPICS.');
  }

  private async submit(
    tenant: string,
    collectionId: string,
    event: BucketEvent,
    signal: AbortSignal,
  ): Promise<NotificationAnswer> {
    const collection = await this.lookup.requireUsable(tenant, collectionId);
    const { photos, passedOver } = createdPhotos(event);
    const assets: string[] = [];
    for (const photo of photos) {
      const assetId = await this.accept(tenant, collection, photo, signal);
      if (assetId !== undefined) assets.push(assetId);
    }
    return { assets, passedOver: passedOver + photos.length - assets.length, confirmed: false };
  }

  /** Undefined for an object that the tenant may not use: the sender would only send it again. */
  private async accept(
    tenant: string,
    collection: CollectionDocument,
    object: CreatedObject,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    try {
      const photo = { kind: 'object', ...object } as const;
      const asset = { tenant, collection, photo, lane: 'bulk' } as const;
      // Nothing is uploaded, so the id names nothing.
      const { assetId } = await this.intake.accept(asset, uuidV5('notified', object.bucket, object.key), signal);
      return assetId;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'API.SOURCE_NOT_ALLOWED') return undefined;
      throw error;
    }
  }
}

const isSns = (notification: Notification): notification is SnsMessage => 'TopicArn' in notification;

/** A message that is none of a bucket's has nothing new in it. */
function eventOf({ Message }: SnsMessage): BucketEvent {
  try {
    const parsed = bucketEventSchema.safeParse(JSON.parse(Message));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
