import type { FacelaneEvent } from '@facelane/contracts';

/**
 * Where events go once their effect is stored, in this order: an event that is told has happened. Whoever dies between
 * the two is followed by somebody who finds the effect and makes the same events of it. The class is the injection token;
 * the application provides it.
 */
export abstract class EventOutbox {
  /**
   * Resolves when the events are in the tenant's log. One that is there already stays as it is.
   * @throws StageError QUEUE.UNAVAILABLE when there is no log now; some of them may be in it nevertheless.
   */
  abstract append(tenant: string, events: readonly FacelaneEvent[]): Promise<void>;

  /**
   * Removes what is told of the people from the tenant's log, apart from that they were erased; it is not taken back
   * when it is appended again. Resolves to how many events there were.
   */
  abstract forget(tenant: string, people: ReadonlySet<string>): Promise<number>;
}
