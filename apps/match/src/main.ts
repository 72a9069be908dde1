import { runWorker } from '@facelane/runtime';
import { MatchModule } from './match.module.js';

await runWorker(MatchModule);
