import { RuntimeOptions } from '@facelane/boot';
import { ApiKeysRegistry } from '@facelane/registry';
import { Controller, Inject } from '@nestjs/common';
import { Authenticator } from '../access/authenticator.js';
import type { Caller } from '../access/caller.js';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/key.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import { keyView } from '../views/key.view.js';

/** Making, listing and revoking the keys of a tenant. */
@Controller()
export class KeysController {
  constructor(
    @Inject(ApiKeysRegistry) private readonly apiKeys: ApiKeysRegistry,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(RuntimeOptions) private readonly options: RuntimeOptions,
  ) {}

  @Endpoint(endpoints.createKey)
  async create({
    caller,
    body,
  }: EndpointInput<typeof endpoints.createKey>): Promise<EndpointOutput<typeof endpoints.createKey>> {
    const { tenant = caller.tenant, ...wanted } = body;
    requireTenant(caller, tenant);
    const ratePerMinute = rateOf(caller, wanted.ratePerMinute, this.options.config.api.ratePerMinute);
    const expiresAt = endOf(caller, wanted.expiresAt);
    const { key, token } = await this.apiKeys.create({ ...wanted, tenant, ratePerMinute, expiresAt });
    return { ...keyView(key), key: token };
  }

  @Endpoint(endpoints.listKeys)
  async list({ caller }: EndpointInput<typeof endpoints.listKeys>): Promise<EndpointOutput<typeof endpoints.listKeys>> {
    const items = [];
    for await (const key of this.apiKeys.list(caller.tenant)) items.push(keyView(key));
    return { items };
  }

  @Endpoint(endpoints.revokeKey)
  async revoke({
    caller,
    params,
  }: EndpointInput<typeof endpoints.revokeKey>): Promise<EndpointOutput<typeof endpoints.revokeKey>> {
    const revoked = await this.apiKeys.revoke(caller.tenant, params.key);
    if (revoked === undefined) throw new ProblemError('API.KEY_UNKNOWN', `There is no key ${params.key}.`);
    this.authenticator.forget(caller.tenant, params.key);
    return keyView(revoked);
  }
}

function requireTenant(caller: Caller, tenant: string): void {
  if (caller.isOperator || tenant === caller.tenant) return;
  throw new ProblemError('API.SCOPE_MISSING', 'Only the operator makes keys of another tenant.');
}

/** A key that ends makes none that outlives it, or its end would be none. */
function endOf({ expiresAt: own }: Caller, wanted: string | undefined): string | undefined {
  if (own === undefined) return wanted;
  return wanted === undefined || Date.parse(wanted) > Date.parse(own) ? own : wanted;
}

/** How much one key may ask for is the operator's to say: no key makes a faster one. */
function rateOf(caller: Caller, wanted: number | undefined, usual: number): number | undefined {
  if (caller.isOperator) return wanted;
  const most = caller.ratePerMinute ?? usual;
  if ((wanted ?? 0) > most) {
    throw new ProblemError(
      'API.SCOPE_MISSING',
      `Only the operator makes keys for more than ${most} requests a minute.`,
    );
  }
  return wanted ?? caller.ratePerMinute;
}
