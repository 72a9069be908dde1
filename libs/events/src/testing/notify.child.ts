/** A process that delivers, to be killed. Its one argument are NotifyOptions as JSON. */
import { type NotifyOptions, startNotify } from './notify.js';

await startNotify(JSON.parse(process.argv[2] ?? '{}') as NotifyOptions);
process.stdout.write('started\n');
