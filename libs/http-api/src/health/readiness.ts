import { StageError } from '@facelane/contracts';
import type { FaceIndex } from '@facelane/face-index';
import type { ObjectStore } from '@facelane/object-store';
import type { PipelineBelt } from '@facelane/queue';

export interface CheckResult {
  readonly status: 'ok' | 'failed';
  /** What is wrong; names no address and no key, since the page may be public. */
  readonly problem?: string;
}

export interface ReadinessReport {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<'redis' | 'objectStore' | 'faceIndex', CheckResult>>;
}

/** A server that needs longer than this is not ready, in milliseconds. Below the timeout of usual probes. */
const TIMEOUT_MS = 2_000;

/** A name that is no tenant, no contract and no prefix of a key in use: asking for it reads nothing. */
const NOBODY = 'health-check';

/** Asks the three servers at once, each with a timeout of its own. */
export class Readiness {
  constructor(
    private readonly belt: Pick<PipelineBelt, 'ping'>,
    private readonly store: ObjectStore,
    private readonly index: FaceIndex,
  ) {}

  async check(): Promise<ReadinessReport> {
    const [redis, objectStore, faceIndex] = await Promise.all([
      within(TIMEOUT_MS, () => this.belt.ping()),
      within(TIMEOUT_MS, (signal) => this.askStore(signal)),
      within(TIMEOUT_MS, () => this.askIndex()),
    ]);
    const checks = { redis, objectStore, faceIndex };
    const ready = Object.values(checks).every(({ status }) => status === 'ok');
    return { status: ready ? 'ok' : 'unavailable', checks };
  }

  /** A listing, because a HEAD request cannot tell a missing bucket from a missing object. */
  private async askStore(signal: AbortSignal): Promise<void> {
    await this.store.list(`${NOBODY}/`, { signal })[Symbol.asyncIterator]().next();
  }

  private async askIndex(): Promise<void> {
    try {
      await this.index.count(NOBODY, { tenant: NOBODY, collection: NOBODY });
    } catch (error) {
      // An index that says it does not know the contract has answered.
      if (!(error instanceof StageError && error.code === 'INDEX.CONTRACT_MISSING')) throw error;
    }
  }
}

async function within(timeoutMs: number, ask: (signal: AbortSignal) => Promise<void>): Promise<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  const late = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => late.reject(new Error(`no answer within ${timeoutMs} ms`)));
  try {
    await Promise.race([ask(signal), late.promise]);
    return { status: 'ok' };
  } catch (error) {
    if (signal.aborted) return { status: 'failed', problem: `no answer within ${timeoutMs} ms` };
    if (error instanceof StageError) return { status: 'failed', problem: error.code };
    return { status: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
}
