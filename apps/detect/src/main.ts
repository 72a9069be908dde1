import { runWorker } from '@facelane/runtime';
import { DetectModule } from './detect.module.js';

await runWorker(DetectModule);
