/** No answer of an API came back: nobody listens there, the connection broke, or another server answered. */
export class FacelaneUnreachable extends Error {
  override readonly name = 'FacelaneUnreachable';

  constructor(
    /** Scheme, host and port. */
    readonly origin: string,
    why: string,
    options?: { readonly cause: unknown },
  ) {
    super(`${origin} ${why} Check that the API runs there, and the \`url\` that you gave.`, options);
  }
}

/** What fetch throws says "fetch failed" and hides the reason in its cause. */
export function unreachable(origin: string, cause: unknown): FacelaneUnreachable {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = (reason as { code?: unknown } | undefined)?.code;
  const text = typeof code === 'string' ? code : reason instanceof Error ? reason.message : String(reason);
  return new FacelaneUnreachable(origin, `gave no answer (${text}).`, { cause });
}
