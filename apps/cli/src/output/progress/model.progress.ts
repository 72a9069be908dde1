import { cutEnd, padEnd, padStart, plainLine } from '../terminal.text.js';
import { LiveArea } from './live.area.js';
import type { ProgressOptions } from './progress.mode.js';
import { bar, bytesText } from './progress.text.js';

/** How far one file is. Fits what pulling models reports. */
export interface DownloadState {
  readonly name: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
  readonly phase: 'cached' | 'downloading' | 'building' | 'verifying' | 'done';
}

const BAR_COLUMNS = 20;
const PHASES: Readonly<Record<DownloadState['phase'], string>> = {
  cached: 'here already',
  downloading: 'downloading',
  building: 'building',
  verifying: 'checking',
  done: 'done',
};

/** Downloads, one line per file: redrawn on a terminal, one line when a file begins and one when it is there elsewhere. */
export class ModelProgress {
  private readonly files = new Map<string, DownloadState>();
  private readonly area: LiveArea;
  private readonly now: () => number;
  private drawnAt = -Infinity;

  constructor(private readonly options: ProgressOptions) {
    this.area = new LiveArea(options.stream);
    this.now = options.now ?? (() => performance.now());
  }

  update(state: DownloadState): void {
    const before = this.files.get(state.name)?.phase;
    this.files.set(state.name, state);
    const news = before !== state.phase;
    if (this.options.mode === 'plain' && news && state.phase !== 'verifying') this.writeLine(state);
    if (this.options.mode === 'live' && (news || this.now() - this.drawnAt > 100)) this.draw();
  }

  private writeLine({ name, totalBytes, phase }: DownloadState): void {
    this.options.stream.write(`${plainLine(name)}: ${PHASES[phase]}, ${bytesText(totalBytes)}\n`);
  }

  private draw(): void {
    this.drawnAt = this.now();
    const columns = Math.max(...[...this.files.keys()].map((name) => plainLine(name).length));
    const lines = [...this.files.values()].map(({ name, receivedBytes, totalBytes, phase }) => {
      const there = phase === 'cached' || phase === 'done';
      const share = there ? 1 : totalBytes === 0 ? 0 : receivedBytes / totalBytes;
      const size = padStart(bytesText(there ? totalBytes : receivedBytes), 8);
      return `${padEnd(plainLine(name), columns)}  ${bar(share, BAR_COLUMNS)}  ${size} of ${padStart(bytesText(totalBytes), 8)}  ${PHASES[phase]}`;
    });
    this.area.draw(lines.map((line) => cutEnd(line, (this.options.stream.columns ?? 80) - 1)));
  }
}
