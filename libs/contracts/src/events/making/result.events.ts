import { type QualityReason, qualityReasonSchema, type Withheld } from '../../documents/quality-bars.schema.js';
import type { DoneResult, Enrolment, FailedResult, ResultDocument, ResultFace } from '../../documents/result.schema.js';
import { ERROR_CODES } from '../../errors/error-codes.js';
import { keys } from '../../ids/keys.js';
import type { EventData, EventOf, FacelaneEvent } from '../event.schema.js';
import { shortMessage } from '../event.limits.js';
import { faceEvent } from './face.event.js';
import { makeEvent } from './make-event.js';
import { type AssetFacts, toldFactsOf } from './told.facts.js';

/**
 * How an asset ended: one event of it, and one of each of its faces. Two results with the same decisions give the same
 * ids; the same document gives the same bytes. They are told of the first result of a submission; what changes later is
 * told by `eventsOfChange`.
 */
export function eventsOfResult(result: ResultDocument, asset: AssetFacts = {}): FacelaneEvent[] {
  switch (result.state) {
    case 'failed':
      return [failedEvent(result, asset)];
    case 'done':
      return [
        completedEvent(result, asset),
        ...result.faces.filter(isDecided).map((face) => faceEvent(result, face, asset)),
      ];
  }
}

/** A face that was not compared is no unknown one; that of somebody who was named is his all the same. */
const isDecided = ({ withheld, decision }: ResultFace): boolean => withheld === undefined || decision !== 'none';

/** One end of each submission, whatever was decided of the faces by the time it is told. */
function completedEvent(result: DoneResult, asset: AssetFacts): EventOf<'asset.completed'> {
  const { assetId, submittedAt, faces, droppedFaces, duplicateOf, enrolment } = result;
  const decided = faces.filter(isDecided);
  const count = (wanted: string): number => decided.filter(({ decision }) => decision === wanted).length;
  const withheld = faces.filter((face) => !isDecided(face));
  return makeEvent('asset.completed', {
    ...placeOf(result),
    facts: [assetId, submittedAt],
    data: {
      ...factsOf(result, asset),
      ...(duplicateOf !== undefined && { duplicateOf }),
      faces: faces.length,
      matched: count('match'),
      review: count('review'),
      unmatched: count('none'),
      ...(withheld.length > 0 && { withheld: withheld.length, withheldReasons: reasonsOf(withheld) }),
      droppedFaces,
      ...(enrolment !== undefined && { enrolment: enrolmentOf(enrolment) }),
      resultKey: keyOf(result),
    },
  });
}

/** In the order of `QualityReason`, so that the same faces give the same bytes. */
function reasonsOf(faces: readonly ResultFace[]): NonNullable<EventData<'asset.completed'>['withheldReasons']> {
  return qualityReasonSchema.options
    .map((reason) => ({ reason, faces: faces.filter(({ withheld }) => fallsShort(withheld, reason)).length }))
    .filter((counted) => counted.faces > 0);
}

const fallsShort = (withheld: Withheld | undefined, wanted: QualityReason): boolean =>
  withheld?.reasons.some(({ reason }) => reason === wanted) === true;

/** A dead letter that is tried again and fails otherwise is told again. */
function failedEvent(result: FailedResult, asset: AssetFacts): EventOf<'asset.failed'> {
  const { assetId, submittedAt, failure, bulk = asset.bulk } = result;
  const { stage, code, message } = failure;
  return makeEvent('asset.failed', {
    ...placeOf(result),
    facts: [assetId, submittedAt, stage, code],
    data: {
      ...factsOf(result, { ...asset, bulk }),
      failure: { stage, code, message: shortMessage(message), retryable: ERROR_CODES[code].retry !== 'never' },
      resultKey: keyOf(result),
    },
  });
}

const placeOf = ({ tenant, collection, endedAt, submittedAt }: ResultDocument): Place => ({
  tenant,
  collection,
  timestamp: endedAt ?? submittedAt,
});

interface Place {
  readonly tenant: string;
  readonly collection: string;
  readonly timestamp: string;
}

const keyOf = ({ tenant, collection, assetId }: ResultDocument): string => keys.result(tenant, collection, assetId);

function factsOf(
  { assetId, submittedAt }: ResultDocument,
  asset: AssetFacts,
): Pick<EventData<'asset.failed'>, 'assetId' | 'externalId' | 'tags' | 'source' | 'bulk' | 'submittedAt'> {
  return { assetId, ...toldFactsOf(asset), submittedAt };
}

function enrolmentOf(enrolment: Enrolment): NonNullable<EventData<'asset.completed'>['enrolment']> {
  const { personId } = enrolment;
  return enrolment.outcome === 'accepted'
    ? { outcome: 'accepted', personId, referenceId: enrolment.referenceId }
    : { outcome: 'refused', personId, reason: enrolment.reason };
}
