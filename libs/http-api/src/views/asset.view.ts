import {
  type DoneResult,
  type Enrolment,
  PIPELINE,
  type ResultFace,
  type Source,
  sourceName,
} from '@facelane/contracts';
import type { AssetBody, AssetResultBody, AssetSummaryBody } from '../schemas/asset.schema.js';
import type { EnrolledPhotoBody } from '../schemas/person.schema.js';
import type { FoundAsset } from '../services/asset.finder.js';
import { type QualityView, resultFaceView } from './face.view.js';

type AssetState = AssetBody['state'];

/** An asset that is on the belt is pending, whatever an earlier run of it has left. */
export function assetState({ place, result }: Pick<FoundAsset, 'place' | 'result'>): AssetState {
  if (place !== undefined && place.state !== 'failed') return 'pending';
  return result?.state ?? (place === undefined ? 'pending' : 'failed');
}

export function assetView(found: FoundAsset, quality: QualityView): AssetBody {
  const { assetId, collection, result } = found;
  const { externalId, tags, submittedAt, source } = submissionOf(found);
  return {
    id: assetId,
    collection,
    ...(externalId !== undefined && { externalId }),
    tags: [...(tags ?? [])],
    state: assetState(found),
    submittedAt,
    source: source === undefined ? '' : sourceName(source),
    stages: stagesOf(found),
    ...(result?.state === 'done' && { result: resultView(result, quality) }),
    ...(result?.state === 'failed' && { failure: failureView(result.failure) }),
  };
}

export function assetSummary(found: FoundAsset): AssetSummaryBody {
  const { assetId, collection, result } = found;
  const { externalId, tags, submittedAt } = submissionOf(found);
  const faces = result?.state === 'done' ? result.faces : undefined;
  return {
    id: assetId,
    collection,
    ...(externalId !== undefined && { externalId }),
    tags: [...(tags ?? [])],
    state: assetState(found),
    submittedAt,
    ...(faces !== undefined && { faces: faces.length }),
    people: [...new Set((faces ?? []).flatMap(({ personId }) => personId ?? []))],
  };
}

/** An enrolment as an answer tells it. */
export function enrolmentView(enrolment: Enrolment): Omit<EnrolledPhotoBody, 'index' | 'assetId'> {
  return enrolment.outcome === 'accepted'
    ? { outcome: 'accepted', referenceId: enrolment.referenceId }
    : { outcome: 'refused', reason: enrolment.reason, measured: enrolment.measured, bar: enrolment.bar };
}

interface Submitted {
  readonly submittedAt: string;
  readonly source?: Source;
  readonly externalId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Whichever record of the submission there is; one was found, or there would be no asset. */
function submissionOf({ document, intake, place, result }: FoundAsset): Submitted {
  const job = place?.data as Partial<Submitted> | undefined;
  const submittedAt = document?.submittedAt ?? intake?.submittedAt ?? job?.submittedAt ?? result?.submittedAt ?? '';
  return { ...job, ...intake, ...document, submittedAt };
}

function resultView(result: DoneResult, quality: QualityView): AssetResultBody {
  const { contract, photo, faces, droppedFaces, erasedFaces, duplicateOf, enrolment } = result;
  return {
    contract,
    photo,
    faces: faces.map((face: ResultFace) => resultFaceView(face, quality)),
    droppedFaces,
    ...(erasedFaces !== undefined && { erasedFaces }),
    ...(duplicateOf !== undefined && { duplicateOf }),
    ...(enrolment !== undefined && { enrolment: enrolmentView(enrolment) }),
  };
}

function failureView(failure: NonNullable<AssetBody['failure']>): NonNullable<AssetBody['failure']> {
  const { stage, code, message, remedy, attempts } = failure;
  return { stage, code, message, remedy, attempts };
}

/** What lies behind the place on the belt is done, what lies before it is to come. */
function stagesOf({ place, result }: FoundAsset): AssetBody['stages'] {
  const stages: readonly string[] = PIPELINE.order;
  const failedAt = result?.state === 'failed' ? result.failure.stage : undefined;
  const at = stages.indexOf(place?.stage ?? failedAt ?? '');
  const here = place?.state ?? (failedAt === undefined ? 'pending' : 'failed');
  const isDone = place === undefined && result?.state === 'done';
  return stages.map((stage, i) => {
    if (isDone || i < at) return { stage, state: 'done' };
    return { stage, state: i === at ? here : 'pending' };
  });
}
