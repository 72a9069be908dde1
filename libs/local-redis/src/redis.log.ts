/** The part of a logger that this room uses. */
export interface RedisLog {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
}
