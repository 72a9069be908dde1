import { HttpApiModule } from '@facelane/http-api';
import { ComparerModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** HTTP in front of the pipeline; the workers run elsewhere. Searches and verifications decide here, as the match stage does there. */
@Module({ imports: [ComparerModule, HttpApiModule] })
export class ApiModule {}
