import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger, NestLogger } from './index.js';

class Lines extends Writable {
  readonly lines: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.lines.push(chunk.toString());
    done();
  }

  get records(): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

describe('createLogger', () => {
  it('writes one JSON object per line with the component of the child', () => {
    const destination = new Lines();
    const logger = createLogger({ level: 'info', format: 'json', destination });
    logger.child({ component: 'detect' }).info({ faces: 3 }, 'asset done');
    logger.debug('not written');
    expect(destination.records).toEqual([
      { level: 'info', time: expect.any(String) as string, component: 'detect', faces: 3, msg: 'asset done' },
    ]);
  });

  it('redacts secrets at the top and one level down', () => {
    const destination = new Lines();
    const logger = createLogger({ level: 'info', format: 'json', destination });
    logger.info({ password: 'hunter2', redis: { url: 'redis://:hunter2@h' }, s3: { secretAccessKey: 'hunter2' } }, 'x');
    expect(destination.lines.join('')).not.toContain('hunter2');
    expect(destination.lines.join('')).toContain('[redacted]');
  });

  it('writes text for people with format pretty', () => {
    const destination = new Lines();
    createLogger({ level: 'info', format: 'pretty', destination }).child({ component: 'redis' }).warn('is slow');
    expect(destination.lines.join('')).toMatch(/WARN.*redis: is slow/);
  });
});

describe('NestLogger', () => {
  it('maps levels, context and stack', () => {
    const destination = new Lines();
    const nest = new NestLogger(createLogger({ level: 'info', format: 'json', destination }));
    nest.log('mapped', 'RouterExplorer');
    nest.log('listening', 'Api');
    nest.error('broke', 'Error: broke\n    at x.js:1:1', 'Api');
    expect(destination.records).toMatchObject([
      { level: 'info', component: 'Api', msg: 'listening' },
      { level: 'error', component: 'Api', msg: 'broke', stack: expect.stringContaining('x.js') as string },
    ]);
  });
});
