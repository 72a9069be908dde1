import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireModels } from '@facelane/testing';
import { Sessions } from './sessions.js';

const { contract } = await requireModels();
let folder: string;
let sessions: Sessions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-sessions-'));
  sessions = new Sessions();
});

afterEach(async () => {
  await sessions.release();
  await rm(folder, { recursive: true });
});

describe('sessions', () => {
  it('load once and are kept until they are released', async () => {
    const [first, second] = await Promise.all([
      sessions.get(contract.detector, { device: 'cpu' }),
      sessions.get(contract.detector, { device: 'cpu' }),
    ]);
    expect(second).toBe(first);
    await sessions.release();
    expect(await sessions.get(contract.detector, { device: 'cpu' })).not.toBe(first);
  });

  it('forget a failed load, so that the next try may succeed', async () => {
    const network = { ...contract.detector, path: join(folder, 'detector.onnx') };
    const load = (): Promise<unknown> => sessions.get(network, { device: 'cpu' });
    await expect(load()).rejects.toMatchObject({ code: 'INFERENCE.MODEL_MISSING' });
    await writeFile(network.path, 'damaged');
    await expect(load()).rejects.toThrow(`it holds 7 bytes, not ${network.bytes}`);
    await writeFile(network.path, Buffer.alloc(network.bytes));
    await expect(load()).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining(network.sha256) as string,
    });
    await copyFile(contract.detector.path, network.path);
    await expect(load()).resolves.toBeDefined();
  });

  it('refuse a network without the outputs that the manifest names', async () => {
    const network = { ...contract.detector, outputs: [{ name: 'poses' }] };
    await expect(sessions.get(network, { device: 'cpu' })).rejects.toThrow('scores, boxes, not those');
  });
});
