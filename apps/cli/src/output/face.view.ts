import type { Decision, DoneResult, ResultFace } from '@facelane/contracts';
import type { Annotation } from '@facelane/imaging';
import { refusalReason } from './refusal.text.js';

/** What people are told of one face; the table, the report and the drawn tags all say the same. */
export interface FaceView {
  /** From 1, as on the drawn tag. */
  readonly number: number;
  readonly decision: Decision;
  /** Who it is or may be; absent for an unknown face. */
  readonly person?: { readonly id: string; readonly name: string };
  /** Cosine of the person's best reference, or of the nearest person for an unknown face. Absent with no candidate. */
  readonly score?: number;
  readonly margin?: number;
  /** Why it was not compared with anybody, as a person would say it. Absent: it was. */
  readonly withheld?: string;
  /** The nearest person of an unknown face: below every bar, so never shown as a name. */
  readonly nearest?: string;
}

export function viewFace(face: ResultFace): FaceView {
  const candidate =
    face.personId === undefined
      ? face.candidates[0]
      : face.candidates.find(({ personId }) => personId === face.personId);
  const named = face.decision !== 'none' && candidate !== undefined;
  return {
    number: face.index + 1,
    decision: face.decision,
    ...(named ? { person: { id: candidate.personId, name: candidate.name } } : {}),
    ...(candidate === undefined ? {} : { score: candidate.score }),
    ...(candidate !== undefined && !named ? { nearest: candidate.name } : {}),
    ...(face.withheld && !named ? { withheld: face.withheld.reasons.map(refusalReason).join('; ') } : {}),
    ...(face.margin === undefined ? {} : { margin: face.margin }),
  };
}

/** Faces in the order of their numbers. */
export function viewFaces(result: DoneResult): readonly FaceView[] {
  return result.faces.map(viewFace).toSorted((a, b) => a.number - b.number);
}

/** `Anna 0.82`, `Ben? 0.41`, or nothing for an unknown face. */
export function faceLabel({ person, decision, score }: FaceView): string {
  if (person === undefined) return '';
  return `${person.name}${decision === 'review' ? '?' : ''} ${formatScore(score)}`;
}

/** Boxes and tags for annotatePhoto. */
export function annotationsOf(result: DoneResult): Annotation[] {
  return result.faces
    .toSorted((a, b) => a.index - b.index)
    .map((face) => ({ box: face.box, label: faceLabel(viewFace(face)), tone: face.decision }));
}

/** A cosine with two decimals, a real minus sign and no `-0.00`. */
export function formatScore(score: number | undefined): string {
  if (score === undefined) return '–';
  const text = Math.abs(score).toFixed(2);
  return score < 0 && text !== '0.00' ? `−${text}` : text;
}
