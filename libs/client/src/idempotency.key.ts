/**
 * A new Idempotency-Key. It must be one that nobody uses twice; it need not be secret, which is as well, since browsers
 * offer `crypto.randomUUID` on secure pages only and Node 18 behind a flag.
 */
export function idempotencyKey(): string {
  const { crypto } = globalThis as { crypto?: { randomUUID?: () => string } };
  if (crypto?.randomUUID !== undefined) return crypto.randomUUID();
  const random = (): string => Math.random().toString(36).slice(2);
  return `${Date.now().toString(36)}-${random()}-${random()}`;
}
