import { decodeImage } from '../decode-image.js';
import { encodeJpeg } from '../encode-jpeg.js';
import type { PixelBox, PixelImage } from '../image.js';
import { DEFAULT_IMAGE_LIMITS, type ImageLimits, type SubjectOptions } from '../image-limits.js';
import { type Colour, fillBox, paintMask, strokeBox } from './paint.js';
import { type PlacedTag, type Size, placeTags } from './tag-layout.js';
import { type TagText, TagWriter } from './tag-text.js';

/** How sure the pipeline is of the name on the tag. */
export type AnnotationTone = 'match' | 'review' | 'none';

export interface Annotation {
  /** Pixels of the photo as displayed; may reach past the edges. */
  readonly box: PixelBox;
  /** Written beside the face's number; empty for the number alone. */
  readonly label: string;
  readonly tone: AnnotationTone;
}

export interface AnnotateOptions extends SubjectOptions {
  /** Long side of the annotated picture, pixels; larger photos are scaled down. Default 2560. */
  readonly maxSide?: number;
  /** JPEG quality, 1..100. Default 88. */
  readonly quality?: number;
  /** Default DEFAULT_IMAGE_LIMITS, but for maxSide. */
  readonly limits?: ImageLimits;
}

interface Style {
  readonly line: Colour;
  /** Ground of the tag. */
  readonly tag: Colour;
  readonly ink: Colour;
  readonly dashed: boolean;
}

/**
 * Bluish green and orange of the Okabe-Ito palette, which every common colour blindness tells apart, and grey. Tone is
 * also in the form (solid, dashed, thin) and on the tag, so that nothing hangs on colour. Ink on tag ≥ 4.5:1 (WCAG).
 */
const STYLES: Readonly<Record<AnnotationTone, Style>> = {
  match: { line: [0, 176, 128], tag: [0, 115, 84], ink: [255, 255, 255], dashed: false },
  review: { line: [240, 168, 12], tag: [230, 159, 0], ink: [24, 18, 0], dashed: true },
  none: { line: [226, 230, 234], tag: [214, 219, 224], ink: [28, 32, 36], dashed: false },
};
const SHADE: Colour = [10, 14, 18];

/** The measures of one picture, pixels, all from its long side. */
interface Measures {
  readonly line: number;
  readonly text: number;
  readonly pad: number;
}

/**
 * The photo as displayed with a box and a numbered name tag on each face, as a JPEG.
 *
 * Faces are numbered from 1 in the order given. Where no font is installed, tags carry the number alone.
 *
 * @throws StageError as decodeImage.
 */
export async function annotatePhoto(
  bytes: Uint8Array,
  faces: readonly Annotation[],
  { maxSide = 2560, quality = 88, limits = DEFAULT_IMAGE_LIMITS, ...subject }: AnnotateOptions = {},
): Promise<Uint8Array> {
  const { image, scale } = await decodeImage(bytes, { ...limits, maxSide }, subject);
  const measures = measure(image);
  const scaled = faces.map((face) => ({ ...face, box: scaleBox(face.box, scale) }));
  const writer = await TagWriter.open(measures.text);
  const texts: TagText[] = [];
  for (const [index, { label }] of scaled.entries()) texts.push(await writer.write(index + 1, label));

  for (const face of scaled) drawBox(image, face, measures);
  const tags = placeTags(
    image,
    scaled.map(({ box }, index) => ({ box, sizes: tagSizes(texts[index]!, measures) })),
    measures.line,
  );
  for (const [index, tag] of tags.entries()) drawTag(image, tag, texts[index]!, scaled[index]!.tone, measures);
  return encodeJpeg(image, quality);
}

/** A line of 1/450 and letters of 1/60 of the long side read well on a screen and on a sheet of paper. */
function measure({ width, height }: Size): Measures {
  const side = Math.max(width, height);
  const text = Math.max(11, Math.round(side / 60));
  return { line: Math.max(2, Math.round(side / 450)), text, pad: Math.max(3, Math.round(text * 0.4)) };
}

function drawBox(image: PixelImage, { box, tone }: Annotation, { line }: Measures): void {
  const { line: colour, dashed } = STYLES[tone];
  const width = tone === 'none' ? Math.max(1.5, line * 0.6) : line;
  const radius = line * 3;
  // A dark rim keeps the line visible on any ground.
  strokeBox(image, box, { colour: SHADE, width: width + Math.max(1.5, line * 0.6), radius, opacity: 0.5 });
  strokeBox(image, box, { colour, width, radius, ...(dashed ? { dash: line * 5 } : {}) });
}

/** With number and name, then with the number alone. */
function tagSizes({ number, label }: TagText, { text, pad }: Measures): [Size, ...Size[]] {
  const height = Math.max(number.height, text) + 2 * pad;
  const small = { width: Math.max(number.width + 2 * pad, height), height };
  if (label === undefined) return [small];
  return [{ width: small.width + label.width + 2 * pad, height }, small];
}

function drawTag(image: PixelImage, tag: PlacedTag, texts: TagText, tone: AnnotationTone, measures: Measures): void {
  const { number, label } = texts;
  const { tag: ground, ink } = STYLES[tone];
  const radius = measures.pad;
  const sizes = tagSizes(texts, measures);
  const chip = { ...tag.box, width: sizes.at(-1)!.width };
  const rim = Math.max(1, measures.line / 3);
  const { x, y, width, height } = tag.box;
  const outer = { x: x - rim, y: y - rim, width: width + 2 * rim, height: height + 2 * rim };
  fillBox(image, outer, radius + rim, SHADE, 0.55);
  fillBox(image, tag.box, radius, ground);
  const middle = (mask: { readonly height: number }): number => y + (height - mask.height) / 2;
  paintMask(image, number, chip.x + (chip.width - number.width) / 2, middle(number), ink);
  if (label === undefined || tag.form > 0) return;
  fillBox(image, { x: x + chip.width - rim, y: y + radius, width: rim, height: height - 2 * radius }, 0, ink, 0.45);
  paintMask(image, label, x + chip.width + measures.pad, middle(label), ink);
}

const scaleBox = ({ x, y, width, height }: PixelBox, by: number): PixelBox => ({
  x: x * by,
  y: y * by,
  width: width * by,
  height: height * by,
});
