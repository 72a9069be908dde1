import { defineEndpoint } from '../endpoint/define-endpoint.js';
import { collectionParams } from '../schemas/common.schema.js';
import { notificationSchema, takenNotificationSchema } from '../schemas/notification.schema.js';

export const notify = defineEndpoint({
  id: 'notify',
  method: 'POST',
  path: '/v1/notifications/{collection}',
  tag: 'Bulk jobs',
  summary: 'Tag what a bucket says is new',
  description:
    'Takes ObjectCreated events as S3 and stores like it send them, also by Amazon SNS, and submits each photo behind ' +
    'everything that somebody waits for. The same event again is the same asset. Signed messages of a topic in ' +
    'API_SNS_TOPICS need no key.',
  access: ['assets:write'],
  orSigned: true,
  params: collectionParams,
  body: { kind: 'message', schema: notificationSchema },
  success: { status: 202, description: 'Taken.', schema: takenNotificationSchema },
  problems: ['API.COLLECTION_MISSING', 'API.CONTRACT_MISMATCH', 'API.NOTIFICATION_REFUSED'],
});
