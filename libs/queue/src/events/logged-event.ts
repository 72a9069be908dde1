/** To the log an event is opaque: what its type means and what is in its body is for others to say. */
export interface LogEvent {
  /** The event is in the log once, however often it is appended. */
  readonly id: string;
  readonly type: string;
  /** JSON. */
  readonly body: string;
  /** Only to be read by it. */
  readonly collection?: string;
}

export interface LoggedEvent extends LogEvent {
  /** Reading after it goes on behind this event. */
  readonly cursor: string;
}

export interface ReadOptions {
  /** From what a page, an event or `tail` gave. Default: from the oldest event that is kept. */
  readonly after?: string;
  /** Most events of the page, at least 1. */
  readonly limit: number;
  /** Only events of one of these types. Default: all. */
  readonly types?: readonly string[];
  /** Only events of this collection. Default: all. */
  readonly collection?: string;
}

export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Where the next page begins, also when this one is empty. */
  readonly next: string;
  /** Whether the log ended here when it was read. A page may be empty without: nothing on its stretch was asked for. */
  readonly end: boolean;
}

export interface EventLogOptions {
  /** How long an event is kept, in milliseconds. Default 7 days. */
  readonly retentionMs?: number;
  /** Most events that a tenant's log keeps. Default 100 000. */
  readonly maxPerTenant?: number;
}
