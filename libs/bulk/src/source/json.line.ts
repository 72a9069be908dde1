import { photoOf } from './photo.fields.js';
import { broken, type LineContent } from './source.item.js';

/** A line of JSONL: an object with the fields of a photo, or a string, which is a key. */
export function jsonLine(text: string, bucket: string): LineContent {
  const value = parseJson(text);
  if (value === undefined) return broken('BULK.LINE_INVALID', 'it is no JSON', text);
  const photo = photoOf(typeof value === 'string' ? { key: value } : value, bucket);
  return 'objection' in photo ? broken('BULK.LINE_INVALID', photo.objection, text) : { item: photo };
}

/** Undefined, which JSON has no word for, when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
