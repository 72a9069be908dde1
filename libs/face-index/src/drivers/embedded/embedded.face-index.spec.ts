import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { describeFaceIndexConformance } from '../../testing/face-index.conformance.js';
import { EmbeddedFaceIndex } from './embedded.face-index.js';

describe('EmbeddedFaceIndex', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facelane-index-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  describeFaceIndexConformance(() => new EmbeddedFaceIndex({ file: join(folder, 'deep', 'faces.db') }));

  describe('with a coarse pass before every search', () => {
    const file = join(folder, 'coarse.db');
    describeFaceIndexConformance(() => new EmbeddedFaceIndex({ file, coarse: { above: 0, after: 0 } }));
  });
});
