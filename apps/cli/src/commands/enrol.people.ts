import type { CollectionDocument, EnrolmentRefusal } from '@facelane/contracts';
import type { CliContext } from '../cli.context.js';
import type { LocalSession } from '../local.session.js';
import { findPeople } from '../photo.files.js';
import { type PhotoResult, runBatch } from '../photo.batch.js';

export interface EnrolledPhoto {
  readonly path: string;
  readonly person: string;
  readonly outcome: 'accepted' | 'refused' | 'failed';
  /** Why not, as a sentence. */
  readonly reason?: string;
}

/** Enrols every person of a folder of folders. Photos that give no reference face are told, the others count. */
export async function enrolPeople(
  context: CliContext,
  local: LocalSession,
  collection: CollectionDocument,
  directory: string,
): Promise<EnrolledPhoto[]> {
  const people = await findPeople(directory);
  const photos = [...people].flatMap(([enrolAs, paths]) => paths.map((path) => ({ path, enrolAs })));
  context.note(`Enrolling ${people.size} people from ${photos.length} photos in ${directory}`);
  const results = await runBatch(context, local, collection, photos);
  return results.map(outcomeOf);
}

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
  too_like_other_person: (measured: number, bar: number) =>
    `it looks more like another person of the collection: ${measured.toFixed(2)}, below ${bar.toFixed(2)} is no doubt`,
  unlike_own_references: (measured: number, bar: number) =>
    `it does not look like the person's other references: ${measured.toFixed(2)}, ${bar.toFixed(2)} is needed`,
  suppressed: () => 'the person or this photo was erased with a guard against coming back',
  person_missing: () => 'the person was deleted meanwhile',
  too_many_references: (_measured: number, bar: number) => `the person has ${bar} references, which is the most`,
} as const satisfies Record<EnrolmentRefusal, (measured: number, bar: number) => string>;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export interface RefusedPhoto {
  readonly reason?: EnrolmentRefusal;
  readonly measured?: number;
  readonly bar?: number;
}

/** Why a photo was not taken, as a person would say it. */
export const refusalReason = ({ reason = 'no_face', measured = 0, bar = 0 }: RefusedPhoto): string =>
  REASONS[reason](measured, bar);

function outcomeOf({ path, enrolAs = '', result }: PhotoResult): EnrolledPhoto {
  const photo = { path, person: enrolAs };
  if (result.state === 'failed') return { ...photo, outcome: 'failed', reason: result.failure.message };
  const { enrolment } = result;
  if (enrolment?.outcome === 'refused') return { ...photo, outcome: 'refused', reason: refusalReason(enrolment) };
  return { ...photo, outcome: 'accepted' };
}

/** One line for all, one more for each photo that was not taken. */
export function enrolmentText(enrolled: readonly EnrolledPhoto[], nameOf: (path: string) => string): string {
  const accepted = enrolled.filter(({ outcome }) => outcome === 'accepted');
  const people = new Set(accepted.map(({ person }) => person));
  const lines = [`${people.size} people enrolled with ${accepted.length} reference faces`];
  for (const { path, reason } of enrolled.filter(({ outcome }) => outcome !== 'accepted')) {
    lines.push(`  not taken: ${nameOf(path)}: ${reason ?? ''}`);
  }
  const without = new Set(enrolled.map(({ person }) => person).filter((person) => !people.has(person)));
  if (without.size > 0) lines.push(`  without any reference face: ${[...without].join(', ')}`);
  return lines.join('\n');
}
