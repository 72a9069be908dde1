import type { EnrolmentRefusal, QualityReason } from '@facelane/contracts';

const REASONS = {
  no_face: () => 'no face was found',
  several_faces: (measured: number, bar: number) =>
    `two faces compete: the second is ${percent(measured)} of the first, at most ${percent(bar)} is clear`,
  too_small: (measured: number, bar: number) => `the face is ${Math.round(measured)} pixels wide, ${bar} are needed`,
  too_blurred: (measured: number, bar: number) =>
    `the face is blurred: sharpness ${measured.toFixed(0)}, ${bar} is needed`,
  too_dark: (measured: number, bar: number) =>
    `the face is dark: brightness ${measured.toFixed(0)} of 255, ${bar} is needed`,
  pose: (measured: number, bar: number) => `the head is turned by ${Math.round(measured)}°, at most ${bar}° will do`,
  too_bright: (measured: number, bar: number) =>
    `the face is overexposed: brightness ${measured.toFixed(0)} of 255, at most ${bar} will do`,
  too_flat: (measured: number, bar: number) => `the face is hazy: contrast ${measured.toFixed(0)}, ${bar} is needed`,
  cut: () => 'the face is cut by the edge of the photo',
  unsure: (measured: number, bar: number) =>
    `it may be no face: detector score ${measured.toFixed(2)}, ${bar} is needed`,
  unrecognisable: (measured: number, bar: number) =>
    `the face is upside down, hidden or none: strength ${measured.toFixed(2)}, ${bar} is needed`,
  low_utility: (measured: number, bar: number) =>
    `the face is hard to recognise: utility ${measured.toFixed(0)} of 100, ${bar} is needed`,
  too_like_other_person: (measured: number, bar: number) =>
    `it looks more like another person of the collection: ${measured.toFixed(2)}, below ${bar.toFixed(2)} is no doubt`,
  unlike_own_references: (measured: number, bar: number) =>
    `it does not look like the person's other references: ${measured.toFixed(2)}, ${bar.toFixed(2)} is needed`,
  suppressed: () => 'the person or this photo was erased with a guard against coming back',
  person_missing: () => 'the person was deleted meanwhile',
  too_many_references: (_measured: number, bar: number) => `the person has ${bar} references, which is the most`,
} as const satisfies Record<EnrolmentRefusal | QualityReason, (measured: number, bar: number) => string>;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export interface RefusedPhoto {
  readonly reason?: EnrolmentRefusal | QualityReason;
  readonly measured?: number;
  readonly bar?: number;
}

/** Why a photo was not taken, as a person would say it. */
export const refusalReason = ({ reason = 'no_face', measured = 0, bar = 0 }: RefusedPhoto): string =>
  REASONS[reason](measured, bar);
