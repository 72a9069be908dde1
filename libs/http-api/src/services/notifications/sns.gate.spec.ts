import { StageError } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { CERTIFICATE_URL, SnsSender, SUBSCRIBE_URL } from '../../testing/sns.sender.js';
import { SnsGate } from './sns.gate.js';
import { signedText } from './sns.message.js';

const sns = new SnsSender();
const { signal } = new AbortController();

const refused = { code: 'API.NOTIFICATION_REFUSED', status: 403 };

describe('a message of SNS', () => {
  it.each(['1', '2'] as const)('that is signed by version %s passes', async (SignatureVersion) => {
    const gate = new SnsGate(sns);
    await gate.requireSigned(sns.message({ SignatureVersion }), signal);
    await gate.requireSigned(sns.message({ SignatureVersion, Subject: undefined }), signal);
    await gate.requireSigned(sns.question({ SignatureVersion }), signal);
  });

  it('is signed over its fields by name, each on a line of its own', () => {
    expect(signedText(sns.message({ Message: 'hello', MessageId: 'm', Subject: null, Timestamp: 't' }))).toBe(
      `Message\nhello\nMessageId\nm\nTimestamp\nt\nTopicArn\n${sns.message().TopicArn}\nType\nNotification\n`,
    );
  });

  it('has its certificate fetched once', async () => {
    const sender = new SnsSender();
    const gate = new SnsGate(sender);
    for (let n = 0; n < 3; n += 1) await gate.requireSigned(sender.message(), signal);
    expect(sender.asked).toEqual([CERTIFICATE_URL]);
  });

  it.each([
    ['text', { Message: '{"Records":[]}' }],
    ['topic', { TopicArn: 'arn:aws:sns:eu-central-1:999999999999:new-photos' }],
    ['time', { Timestamp: '2026-06-02T00:00:00.000Z' }],
    ['type', { Type: 'UnsubscribeConfirmation' }],
    ['signature', { Signature: 'AAAA' }],
    ['version', { SignatureVersion: '1' }],
  ] as const)('with another %s than was signed is refused', async (_what, change) => {
    const message = { ...sns.message(), ...change };
    await expect(new SnsGate(sns).requireSigned(message, signal)).rejects.toMatchObject(refused);
  });

  it('signed by somebody else is refused', async () => {
    await expect(new SnsGate(sns).requireSigned(new SnsSender().message(), signal)).rejects.toMatchObject(refused);
  });

  it('with a certificate that has run out is refused', async () => {
    const late = new SnsSender(2024);
    const at = (time: string): SnsGate => new SnsGate(late, () => Date.parse(time));
    await at('2024-12-31T00:00:00Z').requireSigned(late.message(), signal);
    await expect(at('2025-01-02T00:00:00Z').requireSigned(late.message(), signal)).rejects.toMatchObject(refused);
  });

  it.each([
    'http://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123abcd.pem',
    'https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-0123abcd.pem',
    'https://evil.example/SimpleNotificationService-0123abcd.pem',
    'https://sns.eu-central-1.amazonaws.com@evil.example/SimpleNotificationService-0123abcd.pem',
    'https://evil@sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123abcd.pem',
    'https://sns.eu-central-1.amazonaws.com:8443/SimpleNotificationService-0123abcd.pem',
    'https://s3.eu-central-1.amazonaws.com/SimpleNotificationService-0123abcd.pem',
    'https://sns.a.b.amazonaws.com/SimpleNotificationService-0123abcd.pem',
    'https://sns.eu-central-1.amazonaws.com/?Action=Publish',
    'no address',
  ])('whose certificate is at %s is refused, and nobody is asked', async (SigningCertURL) => {
    const sender = new SnsSender();
    const message = sender.message({ SigningCertURL });
    await expect(new SnsGate(sender).requireSigned(message, signal)).rejects.toMatchObject(refused);
    expect(sender.asked).toEqual([]);
  });

  it('is to be sent again when SNS does not answer', async () => {
    const fetch = (): Promise<never> => Promise.reject(new StageError('INGEST.URL_UNREACHABLE', 'x'));
    const checked = new SnsGate({ fetch }).requireSigned(sns.message(), signal);
    await expect(checked).rejects.toMatchObject({ code: 'API.UNAVAILABLE', status: 503 });
  });
});

describe('a subscription', () => {
  it('is confirmed at the address that SNS names', async () => {
    const sender = new SnsSender();
    await new SnsGate(sender).confirm(sender.question(), signal);
    expect(sender.asked).toEqual([SUBSCRIBE_URL]);
  });

  it.each(['https://evil.example/', 'http://169.254.169.254/latest', undefined])(
    'is not at %s',
    async (SubscribeURL) => {
      const sender = new SnsSender();
      const forged = { ...sender.message(), ...(SubscribeURL !== undefined && { SubscribeURL }) };
      await expect(new SnsGate(sender).confirm(forged, signal)).rejects.toMatchObject(refused);
      expect(sender.asked).toEqual([]);
    },
  );
});
