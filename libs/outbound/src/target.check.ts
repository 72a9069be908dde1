import { isIP } from 'node:net';
import { AddressGuard } from './address.guard.js';
import { plainHost } from './exceptions.js';
import { notPublic } from './forbidden-target.error.js';
import { askNameServers } from './name-servers.js';
import { parseTarget } from './target.url.js';

export interface TargetCheckOptions {
  /** Host names, addresses and networks that need not be public. Default: none. */
  readonly allow?: readonly string[] | undefined;
  /** Also plain http. Default: https only. */
  readonly allowHttp?: boolean | undefined;
  /** Addresses of a host name, none when it is not known. Default: asks the system's name servers for a second. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
}

/**
 * Judges a URL before anything is sent there, so that whoever names it hears at once what a connection would be refused
 * for. Advice, not protection: names change their addresses, and so the connection judges them again (`guardedAgent`).
 */
export class TargetCheck {
  readonly #guard: AddressGuard;
  readonly #allowHttp: boolean;
  readonly #resolve: (host: string) => Promise<readonly string[]>;

  /** @throws UsageError for an entry of `allow` that cannot be read. */
  constructor({ allow, allowHttp = false, resolve = askNameServers }: TargetCheckOptions = {}) {
    this.#guard = new AddressGuard(allow);
    this.#allowHttp = allowHttp;
    this.#resolve = resolve;
  }

  /** A name that nobody knows passes: it may be known when it is needed. @throws ForbiddenTargetError */
  async require(text: string): Promise<void> {
    const { hostname } = parseTarget(text, { allowHttp: this.#allowHttp });
    const host = hostname.replaceAll(/^\[|\]$/g, '');
    const addresses = await this.#addressesOf(host);
    if (!addresses.every((address) => this.#guard.allows(address, host))) throw notPublic();
  }

  async #addressesOf(host: string): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    // This machine, whatever a name server says of it (RFC 6761, section 6.3).
    if (/(?:^|\.)localhost$/.test(plainHost(host))) return ['127.0.0.1'];
    return this.#resolve(host);
  }
}
