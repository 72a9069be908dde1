import sharp from 'sharp';
import { drawDigits } from './digits.js';
import type { Mask } from './paint.js';

/** Longer names are cut with an ellipsis, so that a tag stays a tag. User-perceived characters. */
const MAX_CHARACTERS = 32;

export interface TagText {
  /** Always there: the face's number, which the report and the table list with the name. */
  readonly number: Mask;
  /** Absent when there is no label, or no font to write it in. */
  readonly label: Mask | undefined;
}

/** Writes text in the machine's own fonts at one size, in pixels. */
export class TagWriter {
  private constructor(
    private readonly size: number,
    private readonly fonts: boolean,
  ) {}

  static async open(size: number): Promise<TagWriter> {
    return new TagWriter(size, await hasFonts(size));
  }

  async write(number: number, label: string): Promise<TagText> {
    if (!this.fonts) return { number: drawDigits(number, this.size * 0.8), label: undefined };
    const shown = shorten(label);
    return {
      number: await render(String(number), this.size),
      label: shown === '' ? undefined : await render(shown, this.size),
    };
  }
}

/**
 * Without any font the text renderer draws the same empty rectangle for every character, whatever its size: then a
 * wide and a narrow letter look alike. A script that no installed font covers still gets such rectangles, which is
 * why every tag carries its number too.
 */
async function hasFonts(size: number): Promise<boolean> {
  const [wide, narrow] = await Promise.all([render('W', size), render('i', size)]);
  return wide.width !== narrow.width;
}

async function render(text: string, size: number): Promise<Mask> {
  const { data, info } = await sharp({ text: { text: escapeMarkup(text), font: `sans bold ${size}`, dpi: 72 } })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

function shorten(label: string): string {
  // Control characters draw as rectangles, and a line break would make the tag two lines high.
  const clean = label.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = [...new Intl.Segmenter().segment(clean)].map(({ segment }) => segment);
  return characters.length <= MAX_CHARACTERS
    ? clean
    : `${characters
        .slice(0, MAX_CHARACTERS - 1)
        .join('')
        .trimEnd()}…`;
}

/** The renderer reads Pango markup: a name must not be able to write any. */
const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
