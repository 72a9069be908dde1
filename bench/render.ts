import type { PipelineFigures, Speed } from './pipeline.bench.js';

export interface Figures {
  readonly pipeline: PipelineFigures;
  readonly what: string;
  readonly threads: number;
  readonly cores: number;
  readonly quickstartSeconds: number;
}

const MEBIBYTE = 1024 * 1024;

/** The figures as Markdown, each beside the bar that it is held against. */
export function renderFigures({ pipeline, what, threads, cores, quickstartSeconds }: Figures): string {
  const { photos, rounds, bare, ratio, ratios, stages } = pipeline;
  const speed = ({ photosPerSecond, facesPerSecond, cpuMsPerPhoto }: Speed): string =>
    `${photosPerSecond.toFixed(1)} photos/s, ${facesPerSecond.toFixed(1)} faces/s, ${cpuMsPerPhoto.toFixed(1)} ms CPU a photo`;
  return [
    `${photos} ${what}, ${rounds} rounds, ${threads} inference threads on ${cores} cores; medians.`,
    '',
    '| what | figure | bar |',
    '| --- | --- | --- |',
    `| bare loop: decode, detect, align, embed | ${speed(bare)} | |`,
    `| whole pipeline | ${speed(pipeline.pipeline)} | |`,
    `| pipeline ÷ bare loop | ${ratio.toFixed(2)} (${ratios.map((value) => value.toFixed(2)).join(', ')}) | ≥ 0.80 |`,
    `| peak memory of the process | ${mebibytes(pipeline.peakRssBytes)} | ≤ 800 MiB |`,
    `| peak memory of Redis | ${mebibytes(pipeline.redisPeakBytes)} | ≤ 20 MiB |`,
    `| job data per photo, all stages | ${Math.round(pipeline.jobBytesPerAsset)} bytes | ≤ 2048 |`,
    `| object-store requests per photo | ${pipeline.requestsPerAsset.toFixed(2)} | ≤ 8 |`,
    `| second quickstart, first result after | ${quickstartSeconds.toFixed(1)} s | ≤ 15 s |`,
    '',
    '| stage | p50 ms | p95 ms | share of stage time |',
    '| --- | --- | --- | --- |',
    ...stages.map(
      ({ stage, p50, p95, share }) =>
        `| ${stage} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${Math.round(share * 100)} % |`,
    ),
  ].join('\n');
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;
