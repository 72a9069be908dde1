// Preloaded into a program under measurement (node --import): on SIGUSR2 it collects garbage and writes the bytes that
// are left in its heap as a line of standard output.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collectGarbage();
  collectGarbage();
  process.stdout.write(`heap ${process.memoryUsage().heapUsed}\n`);
});
