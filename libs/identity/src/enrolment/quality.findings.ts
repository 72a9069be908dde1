import type { DetectedFace } from '@facelane/contracts';
import type { QualityBars } from './quality.bars.js';

/** What a face falls short of. `measured` and `bar` are in the units of QualityBars; for pose of the angle beyond its bar. */
export interface QualityFinding {
  readonly reason: 'too_small' | 'too_blurred' | 'too_dark' | 'pose';
  readonly measured: number;
  readonly bar: number;
}

/** Everything that the face falls short of, in the order of `EnrolmentRefusal`. */
export function qualityFindings(quality: DetectedFace['quality'], bars: QualityBars): QualityFinding[] {
  const { minSide, sharpness, brightness } = quality;
  const yaw = Math.abs(quality.yaw);
  const pitch = Math.abs(quality.pitch);
  const findings: QualityFinding[] = [];
  const check = (ok: boolean, finding: QualityFinding): void => {
    if (!ok) findings.push(finding);
  };
  check(minSide >= bars.minSide, { reason: 'too_small', measured: minSide, bar: bars.minSide });
  check(sharpness >= bars.minSharpness, { reason: 'too_blurred', measured: sharpness, bar: bars.minSharpness });
  check(brightness >= bars.minBrightness, { reason: 'too_dark', measured: brightness, bar: bars.minBrightness });
  if (yaw > bars.maxYaw) findings.push({ reason: 'pose', measured: yaw, bar: bars.maxYaw });
  else check(pitch <= bars.maxPitch, { reason: 'pose', measured: pitch, bar: bars.maxPitch });
  return findings;
}
