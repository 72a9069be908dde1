/** One thing that breaks a client, and what of the product it breaks. */
export interface BreakingChange {
  /** `request NewAsset.tags`, `response Asset.source`, `DELETE /v1/assets/{asset}`, … */
  readonly where: string;
  readonly what: string;
  /** Ids of operations, or types of events. */
  readonly operations: readonly string[];
}
