import { CoarseMatrix } from '../libs/face-index/src/drivers/embedded/coarse/coarse.matrix.js';
import type { IndexFigures, SearchFigures } from './index.bench.js';
import { DIMENSION } from './index.faces.js';

const MEBIBYTE = 1024 * 1024;

/** The figures of the embedded index as Markdown. */
export function renderIndexFigures({ searches, insertsWithCopies, insertsWithout }: IndexFigures): string {
  const row = (figure: SearchFigures): string => {
    const { what, faces, coarse, exact, timesFaster, oneOfEight, recall10, recall50, first } = figure;
    const cells = [
      `${faces} ${what}`,
      `${milliseconds(coarse.p50)} / ${milliseconds(coarse.p95)}`,
      `${milliseconds(exact.p50)} / ${milliseconds(exact.p95)}`,
      timesFaster.toFixed(1),
      milliseconds(oneOfEight),
      `${recall10.toFixed(4)} / ${recall50.toFixed(4)}`,
      milliseconds(first),
      mebibytes(figure.grownBytes),
    ];
    return `| ${cells.join(' | ')} |`;
  };
  return [
    'Embedded index: one face a search, ten results, milliseconds. Up to 10 000 faces are always scanned.',
    '',
    '| faces | coarse pass, p50 / p95 | exact scan, p50 / p95 | exact ÷ coarse | of eight in one call, each | recall@10 / @50 | first search of a process | process grew |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...searches.map(row),
    '',
    '| what | figure |',
    '| --- | --- |',
    `| inserts, faces/s: with copies held | ${Math.round(insertsWithCopies)} |`,
    `| inserts, faces/s: without | ${Math.round(insertsWithout)} |`,
    `| inserts with ÷ without | ${(insertsWithCopies / insertsWithout).toFixed(2)} |`,
    `| copies of 100 000 faces | ${mebibytes(CoarseMatrix.bytesFor(DIMENSION, 100_000))} |`,
  ].join('\n');
}

const milliseconds = (value: number): string => value.toFixed(1);
const mebibytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;
