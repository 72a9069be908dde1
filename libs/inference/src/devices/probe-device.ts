import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { StageError } from '@facelane/contracts';
import type { NetworkFile } from '@facelane/models';
import { inputShape } from '../embedder/embedder.input.js';
import { OrtSession, type NetworkSource } from '../worker/ort-session.js';
import { DEVICE_NAMES, DEVICES, type Device } from './device.table.js';

/** A network to try a device with. */
export interface ProbeNetwork extends NetworkSource {
  readonly input: NetworkFile<'embedder'>['input'];
}

/**
 * Names of the execution providers that ran the network's nodes, after one run on the device.
 *
 * ONNX Runtime adds the CPU behind every other provider and says nothing when it uses it; its profile is the one place
 * where the provider of each node is written down.
 *
 * @throws StageError INFERENCE.DEVICE_MISSING, which names the devices that do work, when the device cannot be opened or ran
 * no node.
 */
export async function probeDevice(network: ProbeNetwork, device: Device): Promise<readonly string[]> {
  const executes = await providersUsed(network, device).catch(async (error: unknown) => {
    if (!(error instanceof StageError) || error.code !== 'INFERENCE.DEVICE_MISSING') throw error;
    throw await refusal(network, device, error.message);
  });
  requireExecution(device, executes);
  return executes;
}

/** @throws StageError INFERENCE.DEVICE_MISSING when none of the providers that ran is the device's. */
export function requireExecution(device: Device, executes: readonly string[]): void {
  if (executes.includes(DEVICES[device].executes)) return;
  throw new StageError(
    'INFERENCE.DEVICE_MISSING',
    `The device ${device} was opened but ran nothing: ONNX Runtime gave the work to ${executes.join(', ')}.`,
    { safeDetails: { device } },
  );
}

async function refusal(network: ProbeNetwork, device: Device, reason: string): Promise<StageError> {
  const available: Device[] = [];
  for (const other of DEVICE_NAMES) {
    if (other !== device && (await works(network, other))) available.push(other);
  }
  return new StageError('INFERENCE.DEVICE_MISSING', `${reason} Devices that work here: ${available.join(', ')}.`, {
    safeDetails: { device, available: available.join(', ') },
  });
}

const works = async (network: ProbeNetwork, device: Device): Promise<boolean> => {
  try {
    const session = await OrtSession.load(network, { device });
    await session.release();
    return true;
  } catch (error) {
    if (error instanceof StageError && error.code === 'INFERENCE.DEVICE_MISSING') return false;
    throw error;
  }
};

async function providersUsed(network: ProbeNetwork, device: Device): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'facelane-probe-'));
  try {
    const session = await OrtSession.load(network, { device, profilePrefix: join(folder, 'profile') });
    try {
      const shape = inputShape(network.input, 1);
      await session.run(new Float32Array(shape.reduce((count, side) => count * side, 1)), shape);
      session.endProfiling();
    } finally {
      await session.release();
    }
    const [profile] = await readdir(folder);
    return readProviders(await readFile(join(folder, profile!), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const profileSchema = z.array(z.looseObject({ args: z.looseObject({ provider: z.string().optional() }).optional() }));

/** The distinct providers named in a profile of ONNX Runtime. */
export function readProviders(profile: string): readonly string[] {
  const events = profileSchema.parse(JSON.parse(profile));
  return [...new Set(events.flatMap(({ args }) => args?.provider ?? []))];
}
