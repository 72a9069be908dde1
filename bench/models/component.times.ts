import { InferenceEngine } from '@facelane/inference';
import { decodeImage, resizeExact } from '@facelane/imaging';
import type { ResolvedContract } from '@facelane/models';
import type { RgbImage } from '@facelane/vision';
import { median } from '../statistics.js';

/** Milliseconds on one thread, medians over rounds of photos; without decoding. */
export interface ComponentTimes {
  /** Finding boxes in a photo. */
  readonly detect: number;
  /** Points, alignment and quality of a face. */
  readonly align: number;
  /** The vector of a face. */
  readonly embed: number;
}

const FACES_TOGETHER = 8;

interface Subject {
  readonly name: string;
  readonly engine: InferenceEngine;
  readonly detect: number[];
  readonly align: number[];
  readonly embed: number[];
}

/** Times every contract's components on the same photos, in turns, so that what else the machine does meets all of them. */
export async function timeComponents(
  contracts: ReadonlyMap<string, ResolvedContract>,
  photos: readonly Uint8Array[],
  rounds: number,
): Promise<ReadonlyMap<string, ComponentTimes>> {
  const images = await Promise.all(photos.map(async (photo) => (await decodeImage(photo)).image));
  const subjects: Subject[] = [];
  try {
    for (const [name, contract] of contracts) {
      const engine = await InferenceEngine.start({ contract, threads: 1, maxBatch: 1 });
      subjects.push({ name, engine, detect: [], align: [], embed: [] });
    }
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      for (const subject of subjects) {
        if (round === 1) for (const times of [subject.detect, subject.align, subject.embed]) times.length = 0;
        for (const image of images) await measure(subject, image);
      }
    }
  } finally {
    await Promise.all(subjects.map(({ engine }) => engine.close()));
  }
  return new Map(
    subjects.map(({ name, detect, align, embed }) => [
      name,
      { detect: median(detect), align: median(align), embed: median(embed) },
    ]),
  );
}

async function measure({ engine, detect, align, embed }: Subject, image: RgbImage): Promise<void> {
  const input = async (): Promise<{ image: RgbImage; detectorInput: RgbImage }> => {
    const { width, height } = engine.contract.detectorInput(image);
    return { image: { ...image, data: image.data.slice() }, detectorInput: await resizeExact(image, width, height) };
  };
  const { milliseconds } = await engine.findBoxes(await input(), {});
  detect.push(milliseconds);
  const whole = await input();
  const started = performance.now();
  const { faces, crops } = await engine.detect(whole);
  if (faces.length === 0) return;
  align.push((performance.now() - started - milliseconds) / faces.length);
  const some = crops.subarray(0, (crops.length / faces.length) * Math.min(faces.length, FACES_TOGETHER));
  const began = performance.now();
  await engine.embed(some);
  embed.push((performance.now() - began) / Math.min(faces.length, FACES_TOGETHER));
}
