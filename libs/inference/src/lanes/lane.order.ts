/** Says when bulk work may begin; who waits for an answer never asks. The queue's LaneGate is one. */
export interface LaneOrder {
  /** Whether bulk work that has waited since then may begin; `since` as of performance.now(). */
  mayBegin(since: number): boolean;
  /** Calls back whenever bulk work may begin again. */
  onRelease(listener: () => void): void;
}

/** Bulk work begins whenever no interactive work waits here. */
export const NO_ORDER: LaneOrder = { mayBegin: () => true, onRelease: () => undefined };

/** Bulk work that has waited so long goes before interactive work, which else could keep it for ever. Milliseconds. */
const LATE_MS = 5_000;

export const isLate = (since: number): boolean => performance.now() - since >= LATE_MS;
