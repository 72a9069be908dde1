import { HttpApiModule } from '@facelane/http-api';
import { Module } from '@nestjs/common';

/** HTTP in front of the pipeline; the workers run elsewhere. */
@Module({ imports: [HttpApiModule] })
export class ApiModule {}
