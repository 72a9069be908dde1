/**
 * Where the compiled code of a worker thread lies. Threads load plain JavaScript: a module that itself runs from TypeScript (under
 * vitest) gets the file's twin below dist/, which the build keeps in step.
 *
 * @param here - import.meta.url of the caller, below libs/
 * @param name - of the compiled file, relative to the caller: `./pair.worker.js`
 */
export function compiledFile(here: string, name: string): URL {
  const beside = new URL(name, here);
  if (!here.endsWith('.ts')) return beside;
  const at = beside.href.lastIndexOf('/libs/');
  return new URL(`${beside.href.slice(0, at)}/dist${beside.href.slice(at)}`);
}
