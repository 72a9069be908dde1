import type { Lane } from '@facelane/contracts';

/** Deliveries of an endpoint per second that go before whatever is more than that. */
const AHEAD_PER_SECOND = 20;
const STEP_MS = 1_000 / AHEAD_PER_SECOND;
const BURST_MS = 1_000;

/**
 * Which deliveries of an endpoint go ahead: so many a second. The rest is bulk and waits behind those of all endpoints, so
 * that one which is sent a hundred thousand events does not make the others wait until they were looked at.
 */
export class LaneShare {
  /** When the share of each endpoint will be used up by what it was given, in milliseconds. */
  private readonly used = new Map<string, number>();

  laneOf(endpointId: string, now = Date.now()): Lane {
    const at = Math.max(now, this.used.get(endpointId) ?? 0);
    if (at - now >= BURST_MS) return 'bulk';
    this.used.set(endpointId, at + STEP_MS);
    return 'interactive';
  }
}
