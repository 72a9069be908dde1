import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeImage, resizeExact } from '@facelane/imaging';
import { contractFileIds, pullModels, type ResolvedContract, resolveContract } from '@facelane/models';
import { requireModels, samplePhoto, type TestModels } from '@facelane/testing';
import type { Detection, RgbImage } from '@facelane/vision';
import { Sessions } from '../worker/sessions.js';
import type { DetectorFile } from './detector.component.js';
import { fitDetector } from './detector.session.js';
import { FaceFinder } from './face.finder.js';

/** The detector of a contract, run as a worker runs it. */
export class ContractFinder {
  private readonly sessions = new Sessions();

  private constructor(
    private readonly models: TestModels,
    readonly contract: ResolvedContract,
    private readonly folder: string,
  ) {}

  static async open(name: string): Promise<ContractFinder> {
    const models = await requireModels();
    await pullModels(models.manifest, contractFileIds(models.manifest, name), models);
    const contract = await resolveContract(models.manifest, models.cacheDir, name);
    return new ContractFinder(models, contract, await mkdtemp(join(tmpdir(), 'facelane-finder-')));
  }

  /** Faces from the contract's own bar on. Default: with its own detector. */
  async find(photo: RgbImage, detector: DetectorFile = this.contract.detector): Promise<Detection[]> {
    const setup = { contract: { ...this.contract, detector }, device: 'cpu', maxFaces: 100 } as const;
    const { width, height } = fitDetector(detector, photo).content;
    const detectorInput = await resizeExact(photo, width, height);
    const reading = { floor: this.contract.settings.minScore };
    return new FaceFinder(this.sessions, setup, reading).find({ image: photo, detectorInput });
  }

  async sample(number: number): Promise<RgbImage> {
    return (await decodeImage(await samplePhoto(this.models, number))).image;
  }

  /** What an entry says of its file, with these bytes as the file. */
  async fileOf(bytes: Uint8Array): Promise<{ path: string; sha256: string; bytes: number }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = join(this.folder, sha256);
    await writeFile(path, bytes);
    return { path, sha256, bytes: bytes.length };
  }

  async close(): Promise<void> {
    await this.sessions.release();
    await rm(this.folder, { recursive: true });
  }
}

export const greyPicture = (width: number, height: number): RgbImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(128),
});
