import { uuidSchema } from '@facelane/contracts';
import { z } from 'zod';

/** Records of one event; a bucket sends one, somebody who gathers them some more. */
const MOST_RECORDS = 1_000;

/** An event of a bucket, with whatever else its sender says. Without records it is one that tries the way. */
export const bucketEventSchema = z
  .object({ Records: z.array(z.unknown()).max(MOST_RECORDS).optional() })
  .meta({ id: 'BucketEvent', description: 'An event of a bucket, as S3 and stores like it send them.' });
export type BucketEvent = z.output<typeof bucketEventSchema>;

/** What Amazon SNS wraps messages in when it delivers them over HTTP. */
export const snsMessageSchema = z
  .object({
    Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
    MessageId: z.string().max(256),
    TopicArn: z.string().max(512),
    Message: z.string().max(1024 * 1024),
    Timestamp: z.string().max(64),
    Subject: z.string().max(1024).nullish(),
    Token: z.string().max(4096).optional(),
    SubscribeURL: z.string().max(4096).optional(),
    SignatureVersion: z.enum(['1', '2']),
    Signature: z.string().max(4096),
    SigningCertURL: z.string().max(2048),
  })
  .meta({
    id: 'SnsMessage',
    description: 'An event of a bucket, or the question whether it may be sent, by Amazon SNS.',
  });
export type SnsMessage = z.output<typeof snsMessageSchema>;

/** The stricter one first: an event of a bucket may say anything else beside its records. */
export const notificationSchema = z.union([snsMessageSchema, bucketEventSchema]).meta({ id: 'Notification' });

export const takenNotificationSchema = z
  .object({
    assets: z.array(uuidSchema).meta({ description: 'Photos that are on their way now.' }),
    passedOver: z.int().meta({ description: 'Records that are no new photo by name, or none that you may use.' }),
    confirmed: z.boolean().meta({ description: 'The subscription that the message asked about is confirmed.' }),
  })
  .meta({ id: 'TakenNotification' });
