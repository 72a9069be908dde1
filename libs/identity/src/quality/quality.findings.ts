import type { QualityBarsRecord, QualityFinding } from '@facelane/contracts';
import { type MeasuredFace, QUALITY_RULES } from './quality.rules.js';

/** Everything that the face falls short of, in the order of `QualityReason`, each reason once. */
export function qualityFindings(face: MeasuredFace, bars: QualityBarsRecord): QualityFinding[] {
  const findings: QualityFinding[] = [];
  for (const { reason, bar: name, measure } of QUALITY_RULES) {
    const bar = bars[name];
    if (bar === undefined || findings.some((found) => found.reason === reason)) continue;
    const measured = measure(face);
    if (measured === undefined) continue;
    const isShort = name.startsWith('min') ? measured < bar : measured > bar;
    if (isShort) findings.push({ reason, measured, bar });
  }
  return findings;
}
