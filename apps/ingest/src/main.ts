import { runWorker } from '@facelane/runtime';
import { IngestModule } from './ingest.module.js';

await runWorker(IngestModule);
