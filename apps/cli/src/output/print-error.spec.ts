import { EnvironmentError, StageError, UsageError } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOf } from './exit-codes.js';
import { printError } from './print-error.js';

const system = (code: string, message: string): Error => Object.assign(new Error(message), { code });

function printed(error: unknown, debug = false): string {
  let text = '';
  printError(error, { stderr: { write: (more) => (text += more) }, debug });
  return text;
}

describe('printError', () => {
  it('says what happened and what to do', () => {
    expect(printed(new UsageError('./photos is not a folder.', 'Name a folder.'))).toBe(
      './photos is not a folder.\nName a folder.\n',
    );
    expect(printed(new StageError('INGEST.EMPTY', 'a.jpg: the file is empty.'))).toBe(
      'a.jpg: the file is empty (INGEST.EMPTY).\nThe file has no bytes; replace it with the original photo.\n',
    );
    expect(printed(system('ENOSPC', 'write failed'))).toBe(
      'write failed.\nFree space on that disk, then run the command again.\n',
    );
  });

  it('calls anything else a defect, without a stack trace', () => {
    const text = printed(new TypeError('x is undefined\n    at y'));
    expect(text).toBe(
      'x is undefined     at y.\nThis is a defect of the program: please report it; run with LOG_LEVEL=debug to see more.\n',
    );
    expect(printed(new TypeError('x'))).not.toContain('print-error.spec');
    expect(printed(undefined)).toContain('not an error');
  });

  it('shows the stack and the causes when debugging', () => {
    const text = printed(new Error('outer', { cause: new Error('inner') }), true);
    expect(text).toContain('print-error.spec');
    expect(text).toContain('Caused by: Error: inner');
  });

  it('reads the reasons of a failed connection', () => {
    const refused = new AggregateError([system('ECONNREFUSED', 'connect ECONNREFUSED ::1:6379')], '');
    expect(printed(Object.assign(refused, { code: 'ECONNREFUSED' }))).toMatch(
      /^connect ECONNREFUSED ::1:6379\.\nStart/,
    );
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['a wrong option', new UsageError('a', 'b'), EXIT_CODES.usage],
    ['a path that is not there', new UsageError('a', 'b', { cause: system('ENOENT', 'c') }), EXIT_CODES.usage],
    ['a missing server', new EnvironmentError('a', 'b'), EXIT_CODES.environment],
    ['a folder without rights', new UsageError('a', 'b', { cause: system('EACCES', 'c') }), EXIT_CODES.environment],
    ['a missing model', new StageError('INFERENCE.MODEL_MISSING', 'a'), EXIT_CODES.environment],
    ['a full store', new StageError('STORE.FULL', 'a'), EXIT_CODES.environment],
    ['a damaged photo', new StageError('DETECT.IMAGE_UNREADABLE', 'a'), EXIT_CODES.somePhotosFailed],
    ['a full disk', system('ENOSPC', 'a'), EXIT_CODES.environment],
    ['Ctrl-C', new DOMException('a', 'AbortError'), EXIT_CODES.interrupted],
    ['a defect', new TypeError('a'), EXIT_CODES.defect],
    ['no error at all', 'text', EXIT_CODES.defect],
  ])('%s', (_, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
