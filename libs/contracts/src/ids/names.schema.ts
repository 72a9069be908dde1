import { z } from 'zod';

/** Names that become parts of object keys and index filters: lower case, digits, dash; 1 to 63 characters. */
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'use 1 to 63 lower-case letters, digits and dashes');

export const uuidSchema = z.uuid();
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest in lower-case hex');
/** Id of the model contract that makes vectors; two vectors compare only within one. */
export const contractIdSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/);
