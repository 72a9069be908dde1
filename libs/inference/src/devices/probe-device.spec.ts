import { describe, expect, it } from 'vitest';
import { requireModels } from '@facelane/testing';
import { deviceDefaults } from './device.table.js';
import { probeDevice, readProviders, requireExecution } from './probe-device.js';

const { contract } = await requireModels();

describe('probing a device', () => {
  it('tells which provider ran the nodes', async () => {
    await expect(probeDevice(contract.embedder, 'cpu')).resolves.toEqual(['CPUExecutionProvider']);
  });

  it('refuses one that no build for this platform has, and names those that work', async () => {
    const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(probeDevice(contract.embedder, absent)).rejects.toMatchObject({
      code: 'INFERENCE.DEVICE_MISSING',
      message: expect.stringMatching(
        new RegExp(`The device ${absent} does not work here: .* work here: .*cpu`),
      ) as string,
    });
  });

  it('refuses one that was opened but ran nothing', () => {
    const silentFallback = JSON.stringify([{ cat: 'Session' }, { args: { provider: 'CPUExecutionProvider' } }]);
    expect(() => requireExecution('cuda', readProviders(silentFallback))).toThrow(
      'The device cuda was opened but ran nothing: ONNX Runtime gave the work to CPUExecutionProvider.',
    );
  });
});

describe('defaults', () => {
  it('use the cores of a cpu and feed a GPU from one thread', () => {
    expect(deviceDefaults('cpu', 8)).toEqual({ threads: 8, maxBatch: 1, maxWaitMs: 4 });
    expect(deviceDefaults('cuda', 8)).toEqual({ threads: 1, maxBatch: 32, maxWaitMs: 10 });
  });
});
