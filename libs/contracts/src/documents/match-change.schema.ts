import { z } from 'zod';

/**
 * Why a decision changed. `late-binding`: it was compared again after people or thresholds changed; `assigned`,
 * `rejected`: somebody said whose the face is, or is not. More may come.
 */
export const matchChangeSchema = z.enum(['late-binding', 'assigned', 'rejected']);
export type MatchChange = z.output<typeof matchChangeSchema>;
