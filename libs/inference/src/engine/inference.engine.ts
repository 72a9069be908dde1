import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CROP_BYTES, type Lane, StageError } from '@facelane/contracts';
import type { ResolvedContract } from '@facelane/models';
import { compiledFile } from '@facelane/threads';
import { ladderFloor } from '../batching/ladder.js';
import { MicroBatcher, type MicroBatcherStats } from '../batching/micro-batcher.js';
import { deviceDefaults, DEVICES, type Device } from '../devices/device.table.js';
import { type LaneOrder, NO_ORDER } from '../lanes/lane.order.js';
import { TaskQueue } from '../pool/task-queue.js';
import { WorkerPool } from '../pool/worker-pool.js';
import type {
  DetectionInput,
  DetectionResult,
  FoundBoxes,
  Reading,
  WorkerSetup,
  WorkerTasks,
} from '../worker/messages.js';
import { type EmbeddedCrop, type EmbeddedFaces, strengthBy } from './embedded.faces.js';
import { describeContract, type EngineContract } from './engine.contract.js';
import { ownedBytes } from './owned-bytes.js';
import { greyInput, requireAgreement, syntheticCrops } from './self-test.js';

/** Photos of each lane that may wait to be decoded: every stage's concurrency is far below. */
const MAX_PREPARATIONS = 1_024;

export interface InferenceOptions {
  /** Checked files and facts of the model contract (resolveContract of libs/models). */
  readonly contract: ResolvedContract;
  /** Default cpu. A device that does not work here is refused; there is no fall-back. */
  readonly device?: Device | undefined;
  /** Worker threads. Default: the available cores on a cpu, 1 on a GPU. */
  readonly threads?: number | undefined;
  /** Most faces of one run of the embedder, 1..32. Default 1 on a cpu, 32 on a GPU. */
  readonly maxBatch?: number | undefined;
  /** Longest wait of a face for company, milliseconds. Default 4 on a cpu, 10 on a GPU. */
  readonly maxWaitMs?: number | undefined;
  /** Faces kept per photo, best score first. Default 100. */
  readonly maxFaces?: number | undefined;
  /** Says when bulk work may begin. Default: whenever no interactive work waits here. */
  readonly order?: LaneOrder | undefined;
}

export interface WorkOptions {
  /** Bulk work waits while somebody waits for an answer. Default interactive. */
  readonly lane?: Lane | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface InferenceStats extends MicroBatcherStats {
  readonly threads: number;
  readonly idleThreads: number;
  readonly device: Device;
}

/**
 * Detection and embedding in worker threads. Nothing here blocks the calling thread.
 *
 * @example
 * const engine = await InferenceEngine.start({ contract });
 * const { faces, crops } = await engine.detect({ image, detectorInput });
 * const vectors = await engine.embed(crops);
 * await engine.close();
 */
export class InferenceEngine {
  readonly contract: EngineContract;
  readonly #pool: WorkerPool<WorkerTasks>;
  readonly #batcher: MicroBatcher<Uint8Array, EmbeddedCrop>;
  readonly #strengthOf: ((length: number) => number) | undefined;
  readonly #maxBatch: number;
  /** What the network gave, but for its length. */
  readonly #direction: (vector: Float32Array) => Float32Array;
  readonly #preparations: TaskQueue;

  private constructor(
    options: InferenceOptions,
    private readonly device: Device,
  ) {
    const defaults = deviceDefaults(device, availableParallelism());
    const {
      contract,
      threads = defaults.threads,
      maxWaitMs = defaults.maxWaitMs,
      maxFaces = 100,
      order = NO_ORDER,
    } = options;
    this.#maxBatch = options.maxBatch ?? defaults.maxBatch;
    this.contract = describeContract(contract);
    this.#strengthOf = strengthBy(contract.embedder.strength);
    // The last value of a vector on a sphere is nearly its radius, and would make any two alike.
    this.#direction = contract.metric === 'euclidean-raw' ? (vector) => vector.subarray(0, -1) : (vector) => vector;
    const setup: WorkerSetup = { contract, device, maxFaces };
    this.#preparations = new TaskQueue(availableParallelism(), MAX_PREPARATIONS, order);
    this.#pool = new WorkerPool<WorkerTasks>({
      ...{
        filename: fileURLToPath(compiledFile(import.meta.url, '../worker/inference.worker.js')),
        threads,
        workerData: setup,
      },
      order,
    });
    this.#batcher = new MicroBatcher({
      order,
      run: (crops, size, lane) => this.#embedBatch(crops, size, lane),
      maxBatch: this.#maxBatch,
      maxWaitMs,
      lanes: threads,
      fit: DEVICES[device].kind === 'gpu' ? 'pad' : 'split',
      idleLanes: () => this.#pool.idleThreads,
      failsAll: isAboutTheEngine,
    });
    this.#pool.onIdle(() => this.#batcher.poke());
  }

  /**
   * Opens the device and passes the self-test, or refuses to start.
   *
   * @throws StageError INFERENCE.DEVICE_MISSING, MODEL_MISSING, MODEL_CORRUPT or SELF_TEST_FAILED.
   */
  static async start(options: InferenceOptions): Promise<InferenceEngine> {
    const engine = new InferenceEngine(options, options.device ?? 'cpu');
    try {
      if (engine.device !== 'cpu') await engine.#pool.run('probeDevice', {});
      await engine.selfTest();
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /**
   * Does what makes a photo ready for inference, such as decoding it, when its turn has come: as many at a time as there
   * are cores. More would be no faster, and would take the threads that everything else reads files with.
   */
  prepare<T>(options: WorkOptions, work: () => Promise<T>): Promise<T> {
    return this.#preparations.add(work, options);
  }

  /** Faces of one photo. The pixels are moved to the worker where they can be: do not use them afterwards. */
  async detect(input: DetectionInput, options: WorkOptions = {}): Promise<DetectionResult> {
    const { transfer, ...owned } = ownedInput(input);
    return this.#pool.run('detectFaces', owned, { transfer, ...options });
  }

  /** Boxes of one photo, best first, without points or crops. Pixels as in `detect`. */
  async findBoxes(input: DetectionInput, reading: Reading, options: WorkOptions = {}): Promise<FoundBoxes> {
    const { transfer, ...owned } = ownedInput(input);
    return this.#pool.run('findBoxes', { ...owned, ...reading }, { transfer, ...options });
  }

  /**
   * Unit vectors of any number of aligned crops (count × 112 × 112 × 3 bytes RGB), count × dimension floats in their
   * order. Faces of concurrent callers share batches. The crops are copied and stay usable.
   */
  async embed(crops: Uint8Array, options: WorkOptions = {}): Promise<Float32Array> {
    return (await this.embedFaces(crops, options)).vectors;
  }

  /** The same, and how strongly the network answered to each crop, where the contract's embedder tells. */
  async embedFaces(crops: Uint8Array, options: WorkOptions = {}): Promise<EmbeddedFaces> {
    const count = crops.length / CROP_BYTES;
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `Crops hold ${CROP_BYTES} bytes each; ${crops.length} bytes are not a whole number of them.`,
      );
    }
    const items = Array.from({ length: count }, (_, row) => crops.subarray(row * CROP_BYTES, (row + 1) * CROP_BYTES));
    const rows = await this.#batcher.submit(items, options);
    const { dimension } = this.contract;
    const vectors = new Float32Array(count * dimension);
    for (const [row, { vector }] of rows.entries()) vectors.set(vector, row * dimension);
    const strengthOf = this.#strengthOf;
    return { vectors, ...(strengthOf && { strengths: rows.map(({ length }) => strengthOf(length)) }) };
  }

  /**
   * Really infers: looks for faces in a grey picture, so that a file that is no such detector is found out, and embeds
   * synthetic crops in a batch and one at a time and compares. Also the health check.
   *
   * @throws StageError INFERENCE.SELF_TEST_FAILED, or what inference throws.
   */
  async selfTest(): Promise<void> {
    const { detectorInput, maxImageSide } = this.contract;
    await this.detect(greyInput({ width: maxImageSide, height: Math.ceil(maxImageSide / 4) }, detectorInput));
    const count = ladderFloor(Math.max(2, this.#maxBatch));
    const crops = syntheticCrops(count);
    const items = Array.from({ length: count }, (_, row) => crops.subarray(row * CROP_BYTES, (row + 1) * CROP_BYTES));
    const [batched, ...single] = await Promise.all([
      this.#embedBatch(items, count),
      ...items.map(async (item) => (await this.#embedBatch([item], 1))[0]!),
    ]);
    const direction = ({ vector }: EmbeddedCrop): Float32Array => this.#direction(vector);
    requireAgreement(batched.map(direction), single.map(direction), `${this.device} (${this.contract.id})`);
  }

  stats(): InferenceStats {
    const { threads, idleThreads } = this.#pool;
    return { ...this.#batcher.stats(), threads, idleThreads, device: this.device };
  }

  /**
   * Finishes what is under way, frees the sessions and ends the threads. Await it before process.exit: the native code of
   * onnxruntime-node 1.30 aborts the process (exit code 134) when the exit cuts a run short. To leave quickly, abort
   * the signals of the callers first; what runs then takes a fraction of a second.
   */
  close(): Promise<void> {
    return this.#pool.close();
  }

  async #embedBatch(crops: readonly Uint8Array[], size: number, lane?: Lane): Promise<EmbeddedCrop[]> {
    const batch = new Uint8Array(size * CROP_BYTES);
    for (const [row, crop] of crops.entries()) batch.set(crop, row * CROP_BYTES);
    const { vectors, lengths } = await this.#pool.run(
      'embedCrops',
      { crops: batch },
      { transfer: [batch.buffer], lane },
    );
    const { dimension } = this.contract;
    return crops.map((_, row) => ({
      vector: vectors.subarray(row * dimension, (row + 1) * dimension),
      length: lengths[row]!,
    }));
  }
}

/** The model or the device is at fault, not a face: running the batch item by item would fail as often. */
const isAboutTheEngine = (error: unknown): boolean => error instanceof StageError && error.code !== 'INFERENCE.FAILED';

function ownedInput(input: DetectionInput): DetectionInput & { readonly transfer: ArrayBuffer[] } {
  const image = { ...input.image, data: ownedBytes(input.image.data) };
  const detectorInput = { ...input.detectorInput, data: ownedBytes(input.detectorInput.data) };
  return { image, detectorInput, transfer: [...new Set([image.data.buffer, detectorInput.data.buffer])] };
}
