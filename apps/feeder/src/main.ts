import { runWorker } from '@facelane/runtime';
import { FeederAppModule } from './feeder.module.js';

await runWorker(FeederAppModule);
