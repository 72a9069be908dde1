import { createHash, randomUUID } from 'node:crypto';
import { type PersonDocument, uuidV5 } from '@facelane/contracts';
import type { PhotoInput } from '../schemas/photo.schema.js';

/**
 * Id of the upload of a photo that is submitted. Under an Idempotency-Key the same photo again is the same upload, and so
 * the same asset, also when Redis forgot that it was answered; another photo under that key is another one: keys are
 * remembered for a day only, and a photo must not take the place of one that had its key last week.
 */
export const submittedUploadId = (tenant: string, photo: PhotoInput, idempotencyKey: string | undefined): string =>
  idempotencyKey === undefined ? randomUUID() : uuidV5('upload', tenant, idempotencyKey, digestOf(photo));

/** The same photo of the same person again is the same upload, and so the same asset: enrolling twice is enrolling once. */
export const enrolledUploadId = ({ tenant, id }: PersonDocument, photo: PhotoInput): string =>
  uuidV5('enrol', tenant, id, digestOf(photo));

/** Photos that lie elsewhere are no uploads, and their own names make the asset. */
const digestOf = (photo: PhotoInput): string =>
  photo.kind === 'bytes' ? createHash('sha256').update(photo.bytes).digest('hex') : '';
