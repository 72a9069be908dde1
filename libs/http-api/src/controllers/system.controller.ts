import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/system.endpoints.js';
import { Readiness } from '../health/readiness.js';
import { Contract } from '../services/contract.facts.js';
import { ProblemError } from '../problem/problem.error.js';

/** For orchestrators: `live` decides about a restart, `ready` about traffic. */
@Controller()
export class SystemController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Contract) private readonly contract: Contract,
  ) {}

  @Endpoint(endpoints.live)
  live(): Promise<EndpointOutput<typeof endpoints.live>> {
    return Promise.resolve({ status: 'ok' });
  }

  @Endpoint(endpoints.ready)
  async ready(): Promise<EndpointOutput<typeof endpoints.ready>> {
    const report = await this.readiness.check();
    const { status, checks } = report;
    if (status === 'ok') return { status, checks };
    throw new ProblemError('API.UNAVAILABLE', 'Not every server behind the API answers; see `checks`.', {
      extensions: { checks },
    });
  }

  @Endpoint(endpoints.whoAmI)
  me({ caller }: EndpointInput<typeof endpoints.whoAmI>): Promise<EndpointOutput<typeof endpoints.whoAmI>> {
    const { tenant, keyId, scopes } = caller;
    const { id, thresholds } = this.contract;
    return Promise.resolve({ tenant, key: keyId, scopes: [...scopes], contract: id, thresholds: { ...thresholds } });
  }
}
