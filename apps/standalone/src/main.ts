import { runProgram } from '@facelane/boot';
import { startStandalone } from './start-standalone.js';

await runProgram(startStandalone);
