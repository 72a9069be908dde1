import { runWorker } from '@facelane/runtime';
import { EmbedModule } from './embed.module.js';

await runWorker(EmbedModule);
