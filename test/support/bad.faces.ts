import { Buffer } from 'node:buffer';
import type { PixelBox } from '@facelane/imaging';
import sharp, { type Sharp } from 'sharp';

export const BORDERS = ['left', 'right', 'top', 'bottom'] as const;
export type Border = (typeof BORDERS)[number];

const png = async (picture: Sharp): Promise<Uint8Array> => new Uint8Array(await picture.png().toBuffer());

async function sizeOf(photo: Uint8Array): Promise<{ width: number; height: number }> {
  const { width, height } = await sharp(photo).metadata();
  return { width, height };
}

/** The whole photo, made so small that the shorter side of the box has so many pixels. */
export async function shrunkTo(photo: Uint8Array, box: PixelBox, pixels: number): Promise<Uint8Array> {
  const { width } = await sizeOf(photo);
  return png(sharp(photo).resize(Math.round((width * pixels) / Math.min(box.width, box.height))));
}

/** What is left of the photo when its border goes through the box, and where the rest of the box lies in it. */
export async function cutThrough(
  photo: Uint8Array,
  box: PixelBox,
  border: Border,
  share: number,
): Promise<{ photo: Uint8Array; rest: PixelBox }> {
  const { width, height } = await sizeOf(photo);
  const [dx, dy] = [box.width * share, box.height * share];
  const left = border === 'left' ? Math.round(box.x + dx) : 0;
  const top = border === 'top' ? Math.round(box.y + dy) : 0;
  const right = border === 'right' ? Math.round(box.x + box.width - dx) : width;
  const bottom = border === 'bottom' ? Math.round(box.y + box.height - dy) : height;
  const from = { x: Math.max(left, box.x), y: Math.max(top, box.y) };
  const rest = {
    ...{ x: from.x - left, y: from.y - top },
    width: Math.min(right, box.x + box.width) - from.x,
    height: Math.min(bottom, box.y + box.height) - from.y,
  };
  const area = { left, top, width: right - left, height: bottom - top };
  return { photo: await png(sharp(photo).extract(area)), rest };
}

/** The box alone; with a share below 0 less than that, so many of its sides off at every border. */
export async function filledBy(photo: Uint8Array, box: PixelBox, more = 0): Promise<Uint8Array> {
  const { width, height } = await sizeOf(photo);
  const left = Math.max(0, Math.round(box.x - more * box.width));
  const top = Math.max(0, Math.round(box.y - more * box.height));
  const area = {
    ...{ left, top },
    width: Math.min(width - left, Math.round(box.width * (1 + 2 * more))),
    height: Math.min(height - top, Math.round(box.height * (1 + 2 * more))),
  };
  return png(sharp(photo).extract(area));
}

/** As a scanner leaves it: nothing says that it is upside down. */
export const upsideDown = (photo: Uint8Array): Promise<Uint8Array> => png(sharp(photo).rotate(180));

/** As a camera leaves it: EXIF says that it is upside down. */
export const markedUpsideDown = async (photo: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await sharp(Buffer.from(await upsideDown(photo))).withMetadata({ orientation: 3 }).jpeg({ quality: 95 }).toBuffer()); // prettier-ignore

/** As wide as that, by enlarging. */
export const enlargedTo = async (photo: Uint8Array, width: number): Promise<Uint8Array> =>
  new Uint8Array(await sharp(photo).resize(width).jpeg({ quality: 95 }).toBuffer());

/** As wide as that, by a plain wall beside it. */
export async function besideWall(photo: Uint8Array, width: number): Promise<Uint8Array> {
  const { width: present } = await sizeOf(photo);
  const picture = sharp(photo).extend({ right: width - present, background: '#777' });
  return new Uint8Array(await picture.jpeg({ quality: 95 }).toBuffer());
}
