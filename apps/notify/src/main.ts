import { runWorker } from '@facelane/runtime';
import { NotifyModule } from './notify.module.js';

await runWorker(NotifyModule);
