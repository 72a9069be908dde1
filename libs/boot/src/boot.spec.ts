import { StageError, UsageError } from '@facelane/contracts';
import { loadConfig } from '@facelane/config';
import { createLogger } from '@facelane/telemetry';
import { Module } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './boot-failure.js';
import { OpenResources } from './open.resources.js';
import { RuntimeOptions } from './runtime.options.js';
import { startApp } from './start-app.js';

describe('describeFailure', () => {
  it.each([
    [new UsageError('A is wrong', 'Correct A'), 2, 'A is wrong.\nCorrect A.\n'],
    [new StageError('STORE.DENIED', 'No access to b.'), 3, 'No access to b (STORE.DENIED).\n'],
    [Object.assign(new Error('disk full'), { code: 'ENOSPC' }), 3, 'Free space'],
    [new Error('odd'), 70, 'defect'],
  ])('says what happened and what to do: %s', (error, exitCode, text) => {
    const described = describeFailure(error);
    expect(described.exitCode).toBe(exitCode);
    expect(described.text).toContain(text);
    expect(described.text.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('a start that fails half way', () => {
  it('closes what is open, and what is still opening, in the reverse order', async () => {
    const closed: string[] = [];
    const slow = Promise.withResolvers<string>();
    const close = (name: string): Promise<void> => Promise.resolve(void closed.push(name));
    const opened = {
      provide: 'opened',
      inject: [OpenResources],
      useFactory: (resources: OpenResources) => resources.open('first', close),
    };
    const opening = {
      provide: 'opening',
      inject: [OpenResources],
      useFactory: (resources: OpenResources) => resources.open(slow.promise, close),
    };
    const failing = {
      provide: 'failing',
      inject: ['opened'],
      useFactory: () => {
        setImmediate(() => slow.resolve('second'));
        throw new UsageError('It does not start.', 'Mend it.');
      },
    };
    @Module({ providers: [opened, opening, failing] })
    class FailingModule {}
    const options = new RuntimeOptions(loadConfig({}), createLogger({ level: 'silent', format: 'json' }));
    await expect(startApp(FailingModule, options)).rejects.toThrow('It does not start.');
    expect(closed).toEqual(['second', 'first']);
  });
});
