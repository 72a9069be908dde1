import { Resolver } from 'node:dns/promises';

export interface NameServerOptions {
  /** Such as `10.0.0.2` or `127.0.0.1:5353`. Default: the system's. */
  readonly servers?: readonly string[];
  /** For all of them together, milliseconds. Default 1000. */
  readonly patienceMs?: number;
}

/**
 * Addresses of a host name, straight from the name servers; none when they do not know it or do not answer in time.
 *
 * The system's own lookup holds one of the four threads that files are read with, for as long as the name server of a
 * stranger likes.
 */
export async function askNameServers(
  host: string,
  { servers, patienceMs = 1_000 }: NameServerOptions = {},
): Promise<string[]> {
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  // With several servers each of them has its own time.
  const patience = setTimeout(() => resolver.cancel(), patienceMs);
  try {
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    clearTimeout(patience);
  }
}
