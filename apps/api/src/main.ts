import { runProgram } from '@facelane/boot';
import { startApi } from './start-api.js';

await runProgram(startApi);
