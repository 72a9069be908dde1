import type { MemoryFigures } from './memory.bench.js';
import type { SearchFigures } from './search.bench.js';

const MEBIBYTE = 1024 * 1024;

/** The figures as Markdown, each beside the bar that it is held against. */
export function renderApiFigures(search: SearchFigures, memory: MemoryFigures): string {
  const { people, bare, single, crowd, atOnce } = search;
  const { uploads, heapBefore, heapAfter, perSecond } = memory;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return [
    '| what | figure | bar |',
    '| --- | --- | --- |',
    `| bare decode, detect and embed of a one-face 640 px photo | p50 ${ms(bare.p50)}, p95 ${ms(bare.p95)} | |`,
    `| search of that photo among ${people} people, by HTTP | p50 ${ms(single.p50)}, p95 ${ms(single.p95)} | |`,
    `| search p95 ÷ bare p50 | ${(single.p95 / bare.p50).toFixed(2)} (÷ bare p95 ${(single.p95 / bare.p95).toFixed(2)}) | ≤ 4 |`,
    `| ${atOnce} searches at once | ${crowd.failed} failed; p50 ${ms(crowd.p50)}, p95 ${ms(crowd.p95)}, all after ${ms(crowd.wallMs)} | none fails |`,
    `| heap of the API after ÷ before ${uploads} uploads | ${(heapAfter / heapBefore).toFixed(2)} (${mebibytes(heapBefore)} → ${mebibytes(heapAfter)}, ${perSecond.toFixed(0)} uploads/s) | ≤ 1.2 |`,
  ].join('\n');
}

const mebibytes = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
