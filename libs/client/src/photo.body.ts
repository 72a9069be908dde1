import { isPhotoBytes, type PhotoInput, toBlob } from './photo.input.js';

/** How an operation of the generated client is given a body, and the type in which it is sent. */
export interface PhotoBody {
  /** The shape that the description gives to JSON; of a form it is the same fields. */
  readonly body: never;
  readonly headers?: { readonly 'Content-Type': null };
  readonly bodySerializer?: null;
}

/**
 * The body of a request with photos: JSON when the API can find all of them itself, else a multipart form.
 *
 * @param fields - everything but undefined is sent; a list of photos has bytes only, or places only
 * @throws TypeError when a list has both: a form cannot say which is which.
 */
export async function photoBody(fields: Readonly<Record<string, unknown>>): Promise<PhotoBody> {
  const parts = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (!parts.some(([, value]) => holdsBytes(value))) return { body: Object.fromEntries(parts) as never };
  const form = new FormData();
  for (const [name, value] of parts) await append(form, name, value);
  // fetch states the type itself, with the boundary that it chose.
  return { body: form as never, headers: { 'Content-Type': null }, bodySerializer: null };
}

const isBytes = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && isPhotoBytes(value as PhotoInput);

const holdsBytes = (value: unknown): boolean => (Array.isArray(value) ? value.some(isBytes) : isBytes(value));

async function append(form: FormData, name: string, value: unknown): Promise<void> {
  if (!holdsBytes(value)) {
    // Text as it is; everything else is read as JSON.
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    return;
  }
  const photos = (Array.isArray(value) ? value : [value]) as unknown[];
  if (!photos.every(isBytes)) {
    throw new TypeError(`\`${name}\` mixes bytes of photos with places of photos: send them in two requests.`);
  }
  for (const photo of photos) form.append(name, await toBlob(photo as Blob), 'photo');
}
