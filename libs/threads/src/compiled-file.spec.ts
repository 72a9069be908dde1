import { expect, it } from 'vitest';
import { compiledFile } from './compiled-file.js';

it('lies beside compiled code, and below dist for code that runs from its source', () => {
  const compiled = 'file:///srv/facelane/dist/libs/room/src/pairs/pair.scorer.js';
  expect(compiledFile(compiled, './pair.worker.js').href).toBe(
    'file:///srv/facelane/dist/libs/room/src/pairs/pair.worker.js',
  );
  const source = 'file:///srv/libs/facelane/libs/room/src/pool/entry.ts';
  expect(compiledFile(source, '../worker/room.worker.js').href).toBe(
    'file:///srv/libs/facelane/dist/libs/room/src/worker/room.worker.js',
  );
});
