import { readFile, writeFile } from 'node:fs/promises';

/** Replaces what stands between `<!-- name:begin -->` and `<!-- name:end -->`. */
export async function writeBetweenMarkers(file: string, name: string, text: string): Promise<void> {
  const page = await readFile(file, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no ${begin} … ${end}.`);
  await writeFile(file, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
