import { z } from 'zod';
import { defineConcern } from '../concern.js';
import { integer, text } from '../kinds.js';
import { type Kind, optional, variable } from '../variable.js';

/** Objects that callers may name as photos. */
export interface SourceBucket {
  /** Absent: every tenant. */
  readonly tenant?: string;
  readonly bucket: string;
  /** Keys start with it; empty: every key. */
  readonly prefix: string;
}

/** A topic of Amazon SNS whose signed messages may submit photos. */
export interface SnsTopic {
  readonly tenant: string;
  readonly arn: string;
}

export interface ApiConfig {
  readonly host: string;
  readonly port: number;
  /** The operator's key: every right, for every tenant. */
  readonly adminKey: string | undefined;
  readonly sourceBuckets: readonly SourceBucket[];
  readonly snsTopics: readonly SnsTopic[];
  /** Largest body, bytes. */
  readonly maxBodyBytes: number;
  /** Bytes of bodies held in memory at once; more wait their turn. */
  readonly maxBodyBytesInFlight: number;
  /** A request must have arrived whole after this long, milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long an answer may take that needs models, milliseconds. */
  readonly answerTimeoutMs: number;
  readonly ratePerMinute: number;
  /** Web pages of these origins may call; empty: none. */
  readonly corsOrigins: readonly string[];
}

const MIB = 1024 * 1024;

export const apiConcern = defineConcern({
  title: 'API',
  variables: {
    API_HOST: variable({
      kind: text('an address of this machine'),
      meaning: 'Address the API listens on; `0.0.0.0` for every one.',
      example: '0.0.0.0',
      fallback: '127.0.0.1',
    }),
    API_PORT: variable({
      kind: integer(0, 65_535),
      meaning: 'Port of the API; 0 takes a free one.',
      example: '8080',
      fallback: '8080',
    }),
    API_ADMIN_KEY: optional({
      kind: adminKey(),
      meaning: "The operator's key: every right for every tenant, and the right to make other keys.",
      example: 'a-long-random-text-of-your-own-making',
      defaultNote: 'standalone makes one and prints it; without it `api` knows only the keys that were made before',
      secret: true,
    }),
    API_SOURCE_BUCKETS: optional({
      kind: sourceBuckets(),
      meaning:
        'Objects that callers may name as photos: `[tenant=]bucket[/prefix]`, separated by commas. Without a tenant, every tenant may.',
      example: 'photos,acme=acme-media/uploads/',
      defaultNote: 'none; uploads always work',
    }),
    API_SNS_TOPICS: optional({
      kind: snsTopics(),
      meaning:
        'Topics of Amazon SNS that may submit photos without a key, by their signature: `tenant=arn`, separated by commas.',
      example: 'acme=arn:aws:sns:eu-central-1:123456789012:new-photos',
      defaultNote: 'none',
    }),
    API_MAX_BODY_BYTES: variable({
      kind: integer(1024, 2 ** 30),
      meaning: 'Largest body of a request, in bytes; refused before it is read where its length is stated.',
      example: '134217728',
      fallback: String(64 * MIB),
    }),
    API_MAX_BODY_BYTES_IN_FLIGHT: variable({
      kind: integer(1024, 2 ** 36),
      meaning: 'Bytes of bodies that are held in memory at once; further uploads wait their turn.',
      example: '1073741824',
      fallback: String(256 * MIB),
    }),
    API_REQUEST_TIMEOUT_MS: variable({
      kind: integer(100, 3_600_000),
      meaning: 'A request that has not arrived whole after this long is cut, in milliseconds.',
      example: '300000',
      fallback: '120000',
    }),
    API_ANSWER_TIMEOUT_MS: variable({
      kind: integer(100, 3_600_000),
      meaning: 'How long a search, a verification or an enrolment may take before it is answered 503, in milliseconds.',
      example: '30000',
      fallback: '60000',
    }),
    API_RATE_PER_MINUTE: variable({
      kind: integer(1, 100_000_000),
      meaning: 'Requests per minute of a key that has no limit of its own.',
      example: '600',
      fallback: '6000',
    }),
    API_CORS_ORIGINS: optional({
      kind: list('origins such as https://app.example.com, separated by commas', (item) => URL.canParse(item)),
      meaning: 'Origins whose web pages may call the API from a browser.',
      example: 'https://app.example.com',
      defaultNote: 'none',
    }),
  },
  build: (values): ApiConfig => ({
    host: values.API_HOST,
    port: values.API_PORT,
    adminKey: values.API_ADMIN_KEY,
    sourceBuckets: values.API_SOURCE_BUCKETS ?? [],
    snsTopics: values.API_SNS_TOPICS ?? [],
    maxBodyBytes: values.API_MAX_BODY_BYTES,
    maxBodyBytesInFlight: Math.max(values.API_MAX_BODY_BYTES_IN_FLIGHT, values.API_MAX_BODY_BYTES),
    requestTimeoutMs: values.API_REQUEST_TIMEOUT_MS,
    answerTimeoutMs: values.API_ANSWER_TIMEOUT_MS,
    ratePerMinute: values.API_RATE_PER_MINUTE,
    corsOrigins: values.API_CORS_ORIGINS ?? [],
  }),
});

function adminKey(): Kind<string> {
  return { schema: z.string().min(24).max(256), allowed: '24 to 256 characters that nobody can guess' };
}

function list(allowed: string, fits: (item: string) => boolean): Kind<readonly string[]> {
  return {
    schema: z
      .string()
      .transform((value) => value.split(',').map((item) => item.trim()))
      .refine((items) => items.every(fits)),
    allowed,
  };
}

const SOURCE_BUCKET =
  /^(?:(?<tenant>[a-z0-9-]{1,63})=)?(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>.*))?$/;

function sourceBuckets(): Kind<readonly SourceBucket[]> {
  const allowed = '[tenant=]bucket[/prefix], separated by commas';
  return {
    schema: list(allowed, (item) => SOURCE_BUCKET.test(item)).schema.transform((items) =>
      items.map((item) => {
        const { tenant, bucket = '', prefix = '' } = SOURCE_BUCKET.exec(item)?.groups ?? {};
        return { ...(tenant !== undefined && { tenant }), bucket, prefix };
      }),
    ),
    allowed,
  };
}

const SNS_TOPIC =
  /^(?<tenant>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)=(?<arn>arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256})$/;

function snsTopics(): Kind<readonly SnsTopic[]> {
  const allowed = 'tenant=arn:aws:sns:<region>:<account>:<topic>, separated by commas';
  return {
    schema: list(allowed, (item) => SNS_TOPIC.test(item)).schema.transform((items) =>
      items.map((item) => {
        const { tenant = '', arn = '' } = SNS_TOPIC.exec(item)?.groups ?? {};
        return { tenant, arn };
      }),
    ),
    allowed,
  };
}
