import { type DisablingReason, eventOfDisabling, type WebhookEndpointDocument } from '@facelane/contracts';
import type { EventLog } from '@facelane/queue';
import type { WebhooksRegistry } from '@facelane/registry';
import type { EndpointBook } from '../dispatch/endpoint.book.js';

const DAY_MS = 24 * 60 * 60_000;
/** Longer than all attempts of a delivery, and a long weekend with a day to notice. */
const DISABLED_AFTER_MS = 5 * DAY_MS;

export interface HealthParts {
  readonly webhooks: Pick<WebhooksRegistry, 'find' | 'markFailing' | 'markWorking' | 'disable'>;
  readonly endpoints: Pick<EndpointBook, 'forget'>;
  readonly log: Pick<EventLog, 'append'>;
  /** Told once of each endpoint that this process disables. */
  readonly onDisabled: (endpoint: WebhookEndpointDocument) => void;
  /** How long nothing may arrive at an endpoint until it is disabled, in milliseconds. Default 5 days. */
  readonly disabledAfterMs?: number;
}

/** Keeps what is known of how an endpoint does. The store hears of changes alone, not of every delivery. */
export class EndpointHealth {
  /** Disablings that this process has told of. */
  private readonly told = new Set<string>();
  private readonly disabledAfterMs: number;

  constructor(private readonly parts: HealthParts) {
    this.disabledAfterMs = parts.disabledAfterMs ?? DISABLED_AFTER_MS;
  }

  async delivered(endpoint: WebhookEndpointDocument): Promise<void> {
    if (endpoint.failingSince === undefined) return;
    await this.parts.webhooks.markWorking(endpoint);
    this.parts.endpoints.forget(endpoint);
  }

  async failed(endpoint: WebhookEndpointDocument, lastStatus: number | undefined): Promise<void> {
    const { webhooks, endpoints } = this.parts;
    if (endpoint.failingSince === undefined) {
      await webhooks.markFailing(endpoint);
      endpoints.forget(endpoint);
    } else if (this.isTooLong(endpoint.failingSince)) {
      // What is remembered may be older than a delivery that has just succeeded elsewhere.
      const { failingSince } = (await webhooks.find(endpoint)) ?? {};
      if (this.isTooLong(failingSince)) await this.disable(endpoint, 'failing', lastStatus);
    }
  }

  /** It answered that it wants no more. */
  async gone(endpoint: WebhookEndpointDocument): Promise<void> {
    await this.disable(endpoint, 'gone', 410);
  }

  /**
   * Tells of a disabled endpoint that it is, once: the process that disabled it may have died before it did. The id of the
   * event follows from the disabling, so the log has it once whoever tells.
   */
  async tell(endpoint: WebhookEndpointDocument): Promise<void> {
    const { disabled, failingSince, id, tenant, url, filter } = endpoint;
    if (disabled === undefined || disabled.reason === 'asked' || this.told.has(`${id} ${disabled.at}`)) return;
    const { at, reason, lastStatus } = disabled;
    const [collection, ...more] = filter.collections ?? [];
    const event = eventOfDisabling({
      ...{ tenant, endpointId: id, url, since: failingSince ?? at, disabledAt: at, reason, lastStatus },
      collection: more.length === 0 ? collection : undefined,
    });
    const { id: eventId, type } = event;
    await this.parts.log.append(tenant, [
      { id: eventId, type, body: JSON.stringify(event), ...(event.collection && { collection: event.collection }) },
    ]);
    this.told.add(`${id} ${at}`);
  }

  private async disable(
    endpoint: WebhookEndpointDocument,
    reason: DisablingReason,
    lastStatus: number | undefined,
  ): Promise<void> {
    const disabled = await this.parts.webhooks.disable(endpoint, { reason, ...(lastStatus && { lastStatus }) });
    this.parts.endpoints.forget(endpoint);
    if (disabled === undefined) return;
    this.parts.onDisabled(disabled);
    await this.tell(disabled);
  }

  private isTooLong(failingSince: string | undefined): boolean {
    return failingSince !== undefined && Date.now() - Date.parse(failingSince) >= this.disabledAfterMs;
  }
}
