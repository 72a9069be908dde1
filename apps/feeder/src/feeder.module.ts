import { FeederModule } from '@facelane/runtime';
import { Module } from '@nestjs/common';

/** Feeds the belt with the items of bulk jobs and keeps their accounts; the workers run elsewhere. */
@Module({ imports: [FeederModule] })
export class FeederAppModule {}
