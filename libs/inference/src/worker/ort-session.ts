import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { StageError } from '@facelane/contracts';
import { DEVICES, type Device } from '../devices/device.table.js';
import { withSymbolicBatch } from '../onnx/symbolic-batch.js';
import { readVerified, type VerifiedSource } from './read-verified.js';
import { reasonIn } from './runtime.reason.js';

/** What of a network's manifest entry a session needs. */
export interface NetworkSource extends VerifiedSource {
  readonly input: { readonly name: string };
  readonly outputs: readonly { readonly name: string }[];
}

/** Inputs besides the one of the manifest, by name. */
export type Feeds = Readonly<Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>>;

/**
 * Changes a file's bytes in memory before they become a session. One file is always edited by the same function.
 *
 * @throws RangeError when the file is not of the kind that the edit knows.
 */
export type ModelEdit = (model: Uint8Array) => Uint8Array;

export interface SessionOptions {
  readonly device: Device;
  /** Makes the first dimension symbolic (onnx/symbolic-batch.ts). Default false. */
  readonly anyBatch?: boolean;
  readonly edit?: ModelEdit;
  readonly profilePrefix?: string;
}

// Our own errors carry what ONNX Runtime says; its log would say it again on the user's terminal.
env.logLevel = 'fatal';
const LOG_FATAL = 4;

/**
 * A loaded network. Runs block the thread they are called on, so sessions live in worker threads only.
 */
export class OrtSession {
  private constructor(
    private readonly source: NetworkSource,
    private readonly session: InferenceSession,
  ) {}

  /**
   * Reads the file once, checks those bytes against the manifest, and makes a session of them.
   *
   * @throws StageError INFERENCE.MODEL_MISSING, MODEL_CORRUPT or DEVICE_MISSING.
   */
  static async load(source: NetworkSource, options: SessionOptions): Promise<OrtSession> {
    const bytes = await readVerified(source);
    const anyBatch = options.anyBatch === true ? edited(source, bytes, withSymbolicBatch) : bytes;
    const model = options.edit === undefined ? anyBatch : edited(source, anyBatch, options.edit);
    const session = await create(source, model, options);
    const missing = source.outputs.filter(({ name }) => !session.outputNames.includes(name));
    if (!session.inputNames.includes(source.input.name) || missing.length > 0) {
      await session.release();
      throw new StageError(
        'INFERENCE.MODEL_CORRUPT',
        `The model file ${source.path} (${source.id}) has the inputs ${session.inputNames.join(', ')} and the outputs ` +
          `${session.outputNames.join(', ')}, not those its manifest entry names.`,
        { safeDetails: { model: source.id } },
      );
    }
    return new OrtSession(source, session);
  }

  /** Runs the network on one float tensor; the outputs come in the order of the manifest. */
  async run(data: Float32Array, shape: readonly number[], more: Feeds = {}): Promise<readonly Float32Array[]> {
    const feeds = Object.entries({ ...more, [this.source.input.name]: { data, shape } });
    const outputs = await this.session.run(
      Object.fromEntries(feeds.map(([name, feed]) => [name, new Tensor('float32', feed.data, feed.shape)])),
    );
    return this.source.outputs.map(({ name }) => {
      const values = outputs[name]?.data;
      if (values instanceof Float32Array) return values;
      throw new StageError('INFERENCE.FAILED', `The output ${name} of ${this.source.id} is not float32.`);
    });
  }

  /** @throws StageError INFERENCE.MODEL_CORRUPT when the network takes another shape, by its own description. */
  requireInput(shape: readonly number[]): void {
    const { name } = this.source.input;
    const found = this.session.inputMetadata.find((input) => input.name === name);
    const given = found?.isTensor === true ? found : undefined;
    const fits = given?.shape.length === shape.length && given.shape.every(isSide(shape));
    if (fits && given.type === 'float32') return;
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The network of ${this.source.id} takes ${given ? `${given.type} ${given.shape.join('×')}` : 'no tensor'} as ` +
        `${name}; its manifest entry gives it float32 ${shape.join('×')}.`,
      { safeDetails: { model: this.source.id } },
    );
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  /** Writes the profile that `profilePrefix` asked for. */
  endProfiling(): void {
    this.session.endProfiling();
  }
}

/** Whether a stated side is the wanted one; a named side is any. */
const isSide =
  (shape: readonly number[]) =>
  (side: number | string, index: number): boolean =>
    typeof side === 'string' || side === shape[index];

function edited(source: NetworkSource, model: Uint8Array, edit: ModelEdit): Uint8Array {
  try {
    return edit(model);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The model file ${source.path} (${source.id}) is not the network its manifest entry names: ${cause.message.replace(/\.$/, '')}.`,
      { safeDetails: { model: source.id, path: source.path }, cause },
    );
  }
}

async function create(source: NetworkSource, model: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  const { device, profilePrefix } = options;
  try {
    return await InferenceSession.create(model, {
      executionProviders: [DEVICES[device].provider],
      logSeverityLevel: LOG_FATAL,
      // One thread per session: worker threads are the parallelism, and sessions would fight over the cores.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    });
  } catch (cause) {
    const reason = reasonIn(cause instanceof Error ? cause.message : String(cause));
    if (device === 'cpu') {
      throw new StageError('INFERENCE.MODEL_CORRUPT', `The model ${source.id} does not load: ${reason}.`, {
        safeDetails: { model: source.id, path: source.path },
        cause,
      });
    }
    throw new StageError('INFERENCE.DEVICE_MISSING', `The device ${device} does not work here: ${reason}.`, {
      safeDetails: { device },
      cause,
    });
  }
}
