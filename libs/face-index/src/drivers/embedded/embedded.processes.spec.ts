import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, samplePoint, unit } from '../../testing/samples.js';
import { EmbeddedFaceIndex } from './embedded.face-index.js';

const program = fileURLToPath(
  new URL('../../../../../dist/libs/face-index/src/testing/embedded.child.js', import.meta.url),
);
const contract = { id: 'processes', dimension: 8 };
const main = (tenant: string) => ({ tenant, collection: 'main' });

describe('EmbeddedFaceIndex among processes', () => {
  let folder: string;
  let file: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'facelane-index-'));
    file = join(folder, 'faces.db');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** Starts a writer and hears every id that was acknowledged to it. */
  function writer(tenant: string, count: number): { child: ChildProcess; acknowledged: string[]; stderr: string[] } {
    const child = spawn(process.execPath, [program, file, contract.id, tenant, String(count)]);
    children.push(child);
    const acknowledged: string[] = [];
    const stderr: string[] = [];
    createInterface(child.stdout).on('line', (line) => acknowledged.push(line));
    child.stderr.on('data', (data: Buffer) => stderr.push(data.toString()));
    return { child, acknowledged, stderr };
  }

  function expectSound(): void {
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    database.close();
  }

  it('loses no acknowledged point when killed in the middle of writing', async () => {
    const heard: string[] = [];
    for (const target of [5, 60, 150]) {
      const { child, acknowledged } = writer('killed', 0);
      await expect.poll(() => acknowledged.length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(target);
      child.kill('SIGKILL');
      await once(child, 'close');
      heard.push(...acknowledged);
    }
    const index = new EmbeddedFaceIndex({ file });
    const points = await collect(index.scroll(contract.id, main('killed'), { withVectors: true }));
    const ids = new Set(points.map((point) => point.id));
    expect(heard.filter((id) => !ids.has(id))).toEqual([]);
    for (const { id, assetId, vector } of points.slice(-10)) {
      const [list] = await index.search(contract.id, [vector], { ...main('killed'), assetId: assetId! }, 10);
      expect(list!.map(({ point }) => point.id)).toContain(id);
      expect(list![0]!.score).toBeCloseTo(1, 5);
    }
    await index.close();
    expectSound();
  });

  it('serves two writers and a reader at once', async () => {
    const one = writer('one', 200);
    const two = writer('two', 200);
    const index = new EmbeddedFaceIndex({ file });
    await index.ensureContract(contract);
    const seen: number[] = [];
    const ended = Promise.all([once(one.child, 'close'), once(two.child, 'close')]);
    const running = (): boolean =>
      [one.child, two.child].some(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    while (running()) {
      const acknowledged = one.acknowledged.length;
      seen.push(await index.count(contract.id, main('one')));
      expect(seen.at(-1)).toBeGreaterThanOrEqual(acknowledged);
      await index.search(contract.id, [unit(8)], main('two'), 5);
    }
    expect(await ended).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    for (const [tenant, { acknowledged, stderr }] of Object.entries({ one, two })) {
      const points = await collect(index.scroll(contract.id, main(tenant)));
      expect(points.map((point) => point.id).sort()).toEqual(acknowledged.toSorted());
      expect(acknowledged).toHaveLength(200);
      // No "ExperimentalWarning: SQLite" reaches users.
      expect(stderr).toEqual([]);
    }
    await index.close();
    expectSound();
  });

  it('searches copies in memory that follow what another process writes', async () => {
    const index = new EmbeddedFaceIndex({ file, coarse: { above: 0, after: 0 } });
    await index.ensureContract(contract);
    const { child, acknowledged } = writer('one', 0);
    const query = unit(8, 11);
    while (acknowledged.length < 200) {
      const known = [...acknowledged];
      const [list] = await index.search(contract.id, [query], main('one'), 5000);
      const found = new Set(list!.map(({ point }) => point.id));
      expect(known.filter((id) => !found.has(id))).toEqual([]);
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    const exact = new EmbeddedFaceIndex({ file, coarse: { above: Infinity } });
    await exact.deleteByIds(contract.id, acknowledged.slice(0, 50));
    for (const limit of [5, 5000]) {
      const lists = await index.search(contract.id, [query, unit(8, 3)], main('one'), limit);
      expect(lists).toStrictEqual(await exact.search(contract.id, [query, unit(8, 3)], main('one'), limit));
    }
    await Promise.all([index.close(), exact.close()]);
  });

  it('says that the file is locked when another process keeps the lock, and goes on when it is freed', async () => {
    const index = new EmbeddedFaceIndex({ file, busyTimeoutMs: 50 });
    await index.ensureContract(contract);
    const hog = new DatabaseSync(file);
    hog.exec('BEGIN IMMEDIATE');
    const point = samplePoint(main('t'));
    const refused = index.upsert(contract.id, [point]);
    await expect(refused).rejects.toMatchObject({ code: 'INDEX.LOCKED', retry: 'backoff' });
    await expect(refused).rejects.toThrow(`The face index ${file} stayed locked by another process.`);
    expect(await index.count(contract.id, main('t'))).toBe(0);
    hog.exec('ROLLBACK');
    hog.close();
    await index.upsert(contract.id, [point]);
    expect(await index.count(contract.id, main('t'))).toBe(1);
    await index.close();
  });
});
