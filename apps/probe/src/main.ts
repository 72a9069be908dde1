import { runWorker } from '@facelane/runtime';
import { ProbeModule } from './probe.module.js';

await runWorker(ProbeModule);
