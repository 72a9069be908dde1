import type { CollectionDocument } from '@facelane/contracts';
import type { CliContext } from '../cli.context.js';
import type { LocalSession } from '../local.session.js';
import { findPeople } from '../photo.files.js';
import { refusalReason } from '../output/refusal.text.js';
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
