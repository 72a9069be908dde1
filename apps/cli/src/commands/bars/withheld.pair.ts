import type { DetectedFace, QualityGates, Withheld } from '@facelane/contracts';
import { withheldBy } from '@facelane/identity';
import { formatScore } from '../../output/face.view.js';
import { refusalReason } from '../../output/refusal.text.js';

/** Of the two faces of a verification, in their order; null for one that may be compared. */
export type WithheldPair = readonly [Withheld | null, Withheld | null];

/** Undefined when both may be compared: then the decision stands. */
export function withheldPair(
  [first, second]: readonly [DetectedFace, DetectedFace],
  bars: QualityGates | undefined,
): WithheldPair | undefined {
  const pair = [withheldBy(first, bars) ?? null, withheldBy(second, bars) ?? null] as const;
  return pair.every((withheld) => withheld === null) ? undefined : pair;
}

/** One sentence on why two faces are neither the same person nor two. */
export function withheldLine(score: number, names: readonly [string, string], pair: WithheldPair): string {
  const why = pair.flatMap((withheld, at) =>
    withheld === null ? [] : [`in ${names[at]!} ${withheld.reasons.map(refusalReason).join('; ')}`],
  );
  return `Not decided, score ${formatScore(score)}: ${why.join(', and ')}.`;
}
