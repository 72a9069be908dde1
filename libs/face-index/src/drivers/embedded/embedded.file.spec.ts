import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StageError, UsageError } from '@facelane/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { samplePoint, sampleScope, unit } from '../../testing/samples.js';
import { quantise } from './coarse/quantised.vector.js';
import { EmbeddedFaceIndex, type EmbeddedFaceIndexOptions } from './embedded.face-index.js';

const contract = { id: 'file', dimension: 8 };

describe('the file of EmbeddedFaceIndex', () => {
  let folder: string;
  let file: string;
  const opened: EmbeddedFaceIndex[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'facelane-index-'));
    file = join(folder, 'faces.db');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((index) => index.close()));
    rmSync(folder, { recursive: true });
  });

  function open(options: Partial<EmbeddedFaceIndexOptions> = {}): EmbeddedFaceIndex {
    const index = new EmbeddedFaceIndex({ file, ...options });
    opened.push(index);
    return index;
  }

  async function failureOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error,
    );
  }

  it('keeps what was written for the next process', async () => {
    const scope = sampleScope();
    const first = open();
    await first.ensureContract(contract);
    await first.upsert(contract.id, [samplePoint(scope)]);
    await first.close();
    expect(await open().count(contract.id, scope)).toBe(1);
  });

  it('is refused with the remedy when it is no database', async () => {
    writeFileSync(file, 'These are my holiday notes, and nobody may overwrite them.'.repeat(100));
    const before = readFileSync(file);
    const error = await failureOf(open().ensureContract(contract));
    expect(error).toBeInstanceOf(StageError);
    expect(error).toMatchObject({ code: 'INDEX.CORRUPT', message: expect.stringContaining(file) as string });
    expect((error as StageError).remedy).toMatch(/move the index file away .* tag/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is refused when its pages are damaged, and works again once moved away', async () => {
    const scope = sampleScope();
    const first = open();
    await first.ensureContract(contract);
    await first.upsert(
      contract.id,
      Array.from({ length: 500 }, () => samplePoint(scope)),
    );
    await first.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, 16_384));
    const second = open();
    expect(await failureOf(second.search(contract.id, [unit(8)], scope, 3))).toMatchObject({ code: 'INDEX.CORRUPT' });
    await second.close();
    rmSync(file);
    const third = open();
    await third.ensureContract(contract);
    expect(await third.count(contract.id, scope)).toBe(0);
  });

  it('is refused when a newer version or another program made it', async () => {
    const first = open();
    await first.ensureContract(contract);
    await first.close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    const newer = await failureOf(open().ensureContract(contract));
    expect(newer).toBeInstanceOf(UsageError);
    expect(newer).toMatchObject({
      message: `The face index ${file} has the layout 99; this version of Facelane knows up to 2.`,
    });
    database.exec('PRAGMA application_id = 1');
    database.close();
    expect(await failureOf(open().ensureContract(contract))).toMatchObject({
      message: `${file} is a database of another program, not a face index.`,
    });
  });

  it('is a mistake to mend when it cannot be written, and works once mended', async () => {
    mkdirSync(file);
    const index = open();
    const error = await failureOf(index.ensureContract(contract));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringContaining(file) as string });
    rmSync(file, { recursive: true });
    await index.ensureContract(contract);

    const below = new EmbeddedFaceIndex({ file: join(file, 'faces.db') });
    expect(await failureOf(below.ensureContract(contract))).toBeInstanceOf(UsageError);
    await below.close();
  });

  it('is purged of what was deleted, its log too, while it stays open', async () => {
    const scope = sampleScope();
    const index = open();
    await index.ensureContract(contract);
    const doomed = samplePoint(scope, { assetId: 'a' }, unit(8, 126));
    await index.upsert(contract.id, [doomed, samplePoint(scope)]);
    await index.deleteWhere(contract.id, { ...scope, assetId: 'a' });
    const traces = (): boolean[] =>
      [file, `${file}-wal`].map((path) => {
        const bytes = readFileSync(path);
        return bytes.includes(doomed.id) || bytes.includes(Buffer.from(doomed.vector.buffer));
      });
    expect(traces()).toContain(true);
    await index.purge();
    expect(traces()).toEqual([false, false]);
    expect(await index.count(contract.id, scope)).toBe(1);
  });

  it('does not keep the vectors of deleted and replaced faces, nor any copy that searches compare', async () => {
    const scope = sampleScope();
    const index = open({ coarse: { above: 0, after: 0 } });
    await index.ensureContract(contract);
    const [deleted, replaced, kept] = [unit(8, 123), unit(8, 124), unit(8, 125)];
    const point = samplePoint(scope, {}, replaced);
    await index.upsert(contract.id, [samplePoint(scope, { assetId: 'a' }, deleted), point, samplePoint(scope)]);
    await index.search(contract.id, [deleted], scope, 3);
    await index.upsert(contract.id, [{ ...point, vector: kept }]);
    await index.deleteWhere(contract.id, { ...scope, assetId: 'a' });
    await index.close();
    const bytes = readFileSync(file);
    expect([deleted, replaced, kept].map((vector) => bytes.includes(Buffer.from(vector.buffer)))).toEqual([
      ...[false, false, true],
    ]);
    for (const vector of [deleted, replaced, kept]) {
      const codes = new Int8Array(8);
      quantise(vector, codes, 127);
      expect(bytes.includes(Buffer.from(codes.buffer))).toBe(false);
    }
  });

  it('advises once per collection to move to Qdrant when it has outgrown exact search', async () => {
    const advice: string[] = [];
    const index = open({ onAdvice: (message) => advice.push(message), adviseAbove: 1500 });
    await index.ensureContract(contract);
    const scope = sampleScope();
    const other = sampleScope();
    const write = (where: typeof scope, length: number): Promise<void> =>
      index.upsert(
        contract.id,
        Array.from({ length }, () => samplePoint(where)),
      );
    await write(scope, 1500);
    await write(other, 100);
    expect(advice).toEqual([]);
    for (let times = 0; times < 4; times += 1) await write(scope, 1000);
    await index.count(contract.id, scope);
    expect(advice).toHaveLength(1);
    expect(advice[0]).toContain('set QDRANT_URL');
  });

  it('leaves the event loop free while it works', async () => {
    const scope = sampleScope();
    const index = open();
    await index.ensureContract(contract);
    await index.upsert(
      contract.id,
      Array.from({ length: 3000 }, () => samplePoint(scope)),
    );
    let searching = true;
    let turns = 0;
    const spin = (): void => {
      turns += 1;
      if (searching) setImmediate(spin);
    };
    spin();
    await index.search(
      contract.id,
      Array.from({ length: 20 }, (_, seed) => unit(8, seed)),
      scope,
      10,
    );
    searching = false;
    expect(turns).toBeGreaterThan(2);
  });
});
