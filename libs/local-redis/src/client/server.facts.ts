import { EnvironmentError } from '@facelane/contracts';
import type { RedisClient } from './redis.client.js';

/** The oldest version that BullMQ supports in full. */
export const MINIMUM_VERSION = '6.2';

export interface ServerFacts {
  readonly version: string;
  readonly maxmemoryPolicy: string;
  readonly appendOnly: boolean;
}

/** What the server says of itself. INFO works on managed services too, where CONFIG is forbidden. */
export async function readFacts(client: RedisClient): Promise<ServerFacts> {
  const info = String(await client.call(['INFO']));
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    version: field('redis_version'),
    maxmemoryPolicy: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  };
}

/** @throws UsageError when the version is too old. `subject` such as `Redis at localhost:6379`. */
export function requireVersion(subject: string, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = MINIMUM_VERSION.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new EnvironmentError(
    `${subject} is version ${version === '' ? 'unknown' : version}, and Facelane needs ${MINIMUM_VERSION} or newer.`,
    'Install a newer Redis, or point REDIS_URL at one.',
  );
}

/** Sentences about settings under which jobs can be lost. */
export function warningsOf(subject: string, facts: ServerFacts): string[] {
  const warnings: string[] = [];
  if (facts.maxmemoryPolicy !== '' && facts.maxmemoryPolicy !== 'noeviction') {
    warnings.push(
      `${subject} has maxmemory-policy ${facts.maxmemoryPolicy} and may throw jobs away when its memory is full; ` +
        'set it to noeviction.',
    );
  }
  if (!facts.appendOnly) {
    warnings.push(`${subject} keeps no append-only file: jobs in flight are lost when it stops; set appendonly yes.`);
  }
  return warnings;
}
