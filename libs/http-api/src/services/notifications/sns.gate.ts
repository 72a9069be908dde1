import { createVerify, X509Certificate } from 'node:crypto';
import type { GuardedFetcher } from '@facelane/outbound';
import { ProblemError } from '../../problem/problem.error.js';
import type { SnsMessage } from '../../schemas/notification.schema.js';
import { isSnsAddress, signedText } from './sns.message.js';

const MAX_ANSWER_BYTES = 64 * 1024;
/** SNS has one per region and changes it about once a year. */
const MOST_CERTIFICATES = 32;

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;
const ALGORITHMS = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' } as const;

/** Lets through what Amazon SNS has signed, and confirms subscriptions there. */
export class SnsGate {
  private readonly certificates = new Map<string, X509Certificate>();

  constructor(
    private readonly fetcher: Pick<GuardedFetcher, 'fetch'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws ProblemError API.NOTIFICATION_REFUSED; API.UNAVAILABLE when SNS cannot be asked for its certificate. */
  async requireSigned(message: SnsMessage, signal: AbortSignal): Promise<void> {
    const certificate = await this.certificateAt(message.SigningCertURL, signal);
    const isValidNow =
      certificate.validFromDate.getTime() <= this.now() && this.now() <= certificate.validToDate.getTime();
    const verify = createVerify(ALGORITHMS[message.SignatureVersion]).update(signedText(message), 'utf8');
    if (isValidNow && verify.verify(certificate.publicKey, message.Signature, 'base64')) return;
    throw refusal('The signature of the message does not fit it.');
  }

  /** Tells SNS that the messages of the topic are wanted here. To be called with a message that is signed. */
  async confirm({ SubscribeURL = '' }: SnsMessage, signal: AbortSignal): Promise<void> {
    if (!isSnsAddress(SubscribeURL, /^\/$/)) throw refusal('The SubscribeURL is not an address of Amazon SNS.');
    await this.ask(SubscribeURL, signal);
  }

  private async certificateAt(address: string, signal: AbortSignal): Promise<X509Certificate> {
    const known = this.certificates.get(address);
    if (known !== undefined) return known;
    if (!isSnsAddress(address, CERTIFICATE_PATH)) throw refusal('The SigningCertURL is not one of Amazon SNS.');
    const certificate = parse(await this.ask(address, signal));
    if (this.certificates.size >= MOST_CERTIFICATES) this.certificates.clear();
    this.certificates.set(address, certificate);
    return certificate;
  }

  private async ask(address: string, signal: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.fetcher.fetch(address, { maxBytes: MAX_ANSWER_BYTES, signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new ProblemError('API.UNAVAILABLE', 'Amazon SNS does not answer.', { cause: error });
    }
  }
}

function parse(pem: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new ProblemError('API.NOTIFICATION_REFUSED', 'There is no certificate at the SigningCertURL.', {
      cause: error,
    });
  }
}

const refusal = (detail: string): ProblemError => new ProblemError('API.NOTIFICATION_REFUSED', detail);
