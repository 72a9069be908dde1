import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compiledFile } from '@facelane/threads';
import { expect, it } from 'vitest';

interface Loaded {
  readonly native: readonly string[];
}

/** Native libraries of a program after it has imported this room, and after a worker thread's entry. */
async function loadedBy(file: string): Promise<Loaded> {
  const script = `await import(${JSON.stringify(compiledFile(import.meta.url, file).href)});
    console.log(JSON.stringify({ native: process.report.getReport().sharedObjects }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as Loaded;
}
const isOnnxRuntime = (path: string): boolean => path.includes('onnxruntime');

it('loads ONNX Runtime in worker threads alone: a program that only decides who is who never does', async () => {
  expect((await loadedBy('./index.js')).native.filter(isOnnxRuntime)).toEqual([]);
  // So that the list is known to name it where it is loaded.
  expect((await loadedBy('./worker/ort-session.js')).native.filter(isOnnxRuntime)).not.toEqual([]);
});
