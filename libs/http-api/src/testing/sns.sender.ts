import { createSign } from 'node:crypto';
import { selfSigned } from '../../../outbound/src/testing/self-signed.certificate.js';
import type { SnsMessage } from '../schemas/notification.schema.js';
import { signedText } from '../services/notifications/sns.message.js';

export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:new-photos';
export const CERTIFICATE_URL = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123abcd.pem';
export const SUBSCRIBE_URL = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';

/** Signs messages as SNS does, with a certificate of its own making, and answers for SNS at its addresses. */
export class SnsSender {
  readonly asked: string[] = [];
  private readonly certificate;

  constructor(until = 2049) {
    this.certificate = selfSigned('sns.amazonaws.com', 'rsa', until);
  }

  readonly fetch = (url: string): Promise<Uint8Array> => {
    this.asked.push(url);
    return Promise.resolve(Buffer.from(url === CERTIFICATE_URL ? this.certificate.cert : '<Confirmed/>'));
  };

  message(more: Partial<SnsMessage> = {}): SnsMessage {
    const message: SnsMessage = {
      ...{ Type: 'Notification', MessageId: 'm-1', TopicArn: TOPIC, Message: '{}', Subject: 'Amazon S3 Notification' },
      ...{
        Timestamp: '2026-06-01T00:00:00.000Z',
        SignatureVersion: '2',
        Signature: '',
        SigningCertURL: CERTIFICATE_URL,
      },
      ...more,
    };
    const algorithm = message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
    const Signature = createSign(algorithm).update(signedText(message)).sign(this.certificate.key, 'base64');
    return { ...message, Signature };
  }

  question(more: Partial<SnsMessage> = {}): SnsMessage {
    return this.message({ Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: SUBSCRIBE_URL, ...more });
  }
}
