import type { SnsMessage } from '../../schemas/notification.schema.js';

const SIGNED_FIELDS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/**
 * The text that SNS signs: names and values of the fields that matter, each on a line of its own, by name; those that
 * are absent are left out (Amazon SNS developer guide, "Verifying the signatures of Amazon SNS messages").
 */
export function signedText(message: SnsMessage): string {
  return SIGNED_FIELDS[message.Type]
    .flatMap((name) => {
      const value = message[name];
      return typeof value === 'string' ? [`${name}\n${value}\n`] : [];
    })
    .join('');
}

/** Whether the address is one of SNS itself: nothing else that a message names is ever asked. */
export function isSnsAddress(address: string, path: RegExp): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, pathname, port, username, password } = new URL(address);
  const isPlain = protocol === 'https:' && port === '' && username === '' && password === '';
  return isPlain && /^sns\.[a-z0-9-]{1,32}\.amazonaws\.com$/.test(hostname) && path.test(pathname);
}
