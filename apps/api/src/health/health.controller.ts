import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Readiness, type ReadinessReport } from './readiness.js';

/** For orchestrators: `live` decides about a restart, `ready` about traffic. */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(): Promise<ReadinessReport> {
    const report = await this.readiness.check();
    if (report.status === 'unavailable') throw new ServiceUnavailableException(report);
    return report;
  }
}
