// Preloaded into a program under measurement (node --expose-gc --import): on SIGUSR2 it collects garbage and writes the
// bytes that are left in its heap as a line of standard output.
process.on('SIGUSR2', () => {
  globalThis.gc();
  globalThis.gc();
  process.stdout.write(`heap ${process.memoryUsage().heapUsed}\n`);
});
