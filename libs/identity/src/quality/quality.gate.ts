import type { QualityGates, Withheld } from '@facelane/contracts';
import { qualityFindings } from './quality.findings.js';
import type { MeasuredFace } from './quality.rules.js';

/**
 * Whether a face is good enough to be stored, and then to be compared; undefined when it is. The bars of storing are
 * asked first: what is not stored is not compared.
 */
export function withheldBy(face: MeasuredFace, { store = {}, match = {} }: QualityGates = {}): Withheld | undefined {
  for (const [from, bars] of [['store', store] as const, ['match', match] as const]) {
    const reasons = qualityFindings(face, bars);
    if (reasons.length > 0) return { from, reasons };
  }
  return undefined;
}
