import { Postponement, type WebhookEndpointDocument } from '@facelane/contracts';
import type { PlaceEnd, Places, PlaceWish } from '@facelane/queue';

/**
 * An endpoint may have a quarter of the places that are free, so some are always left for others: with n endpoints that
 * take all they may, 4 of 4 + n (Choudhury and Hahne, "Dynamic queue length thresholds for shared-memory packet
 * switches", 1998).
 */
const SHARE = 4;
/** Endpoints that do not answer may have half of the places, all of them together. */
const SUSPECTED_SHARE = 2;

export interface TurnsOptions {
  /** Deliveries that this process runs at a time. */
  readonly capacity: number;
  /** After so long a process that is not heard of has given up its turns, in milliseconds. */
  readonly holdMs: number;
}

export interface Turn {
  readonly end: (how: PlaceEnd, tookMs: number, pauseMs?: number) => Promise<void>;
}

/** Whose turn it is: so many deliveries per endpoint, in all processes, and none that takes the places of the others. */
export class EndpointTurns {
  private readonly held = new Map<string, number>();
  private used = 0;
  private suspected = 0;

  constructor(
    private readonly places: Pick<Places, 'take'>,
    private readonly options: TurnsOptions,
  ) {}

  /** @throws Postponement when it is not the endpoint's turn. */
  take(endpoint: WebhookEndpointDocument): Promise<Turn>;
  /**
   * For one event: undefined when the log has forgotten it, since somebody was erased whom it tells of.
   *
   * @throws Postponement when it is not the endpoint's turn.
   */
  take(endpoint: WebhookEndpointDocument, eventId: string): Promise<Turn | undefined>;
  async take(
    { id, tenant, concurrency, ratePerSecond }: WebhookEndpointDocument,
    eventId?: string,
  ): Promise<Turn | undefined> {
    const room = this.room(id);
    this.count(id, 1);
    try {
      const wish = { most: concurrency, perSecond: ratePerSecond, holdMs: this.options.holdMs, room };
      const place = await this.places.take(id, {
        ...wish,
        ...(eventId !== undefined && { event: { tenant, id: eventId } }),
      });
      if (place === undefined) {
        this.count(id, -1);
        return undefined;
      }
      if ('afterMs' in place) throw new Postponement(place.afterMs, `It is not the turn of webhook endpoint ${id}.`);
      if (place.suspected) this.suspected += 1;
      return {
        end: async (how, tookMs, pauseMs) => {
          this.count(id, -1);
          if (place.suspected) this.suspected -= 1;
          await place.leave(how, tookMs, pauseMs);
        },
      };
    } catch (error) {
      this.count(id, -1);
      throw error;
    }
  }

  private room(id: string): PlaceWish['room'] {
    const { capacity } = this.options;
    const share = Math.max(1, Math.floor((capacity - this.used) / SHARE));
    if ((this.held.get(id) ?? 0) >= share) return 'none';
    return this.suspected < Math.max(1, capacity / SUSPECTED_SHARE) ? 'any' : 'trusted';
  }

  private count(id: string, change: 1 | -1): void {
    this.used += change;
    const held = (this.held.get(id) ?? 0) + change;
    if (held === 0) this.held.delete(id);
    else this.held.set(id, held);
  }
}
