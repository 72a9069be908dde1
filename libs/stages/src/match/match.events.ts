import {
  type DoneResult,
  eventsOfLastChange,
  eventsOfResult,
  type FacelaneEvent,
  firstOf,
  type MatchJob,
} from '@facelane/contracts';

/**
 * A change is told by whoever made it, at once or when he is tried again; what is older was told. Without this bound a
 * photo that is compared again would tell what happened to it before the log forgot it. In milliseconds.
 */
const TOLD_WITHIN_MS = 24 * 3_600_000;

/**
 * What a result tells that lies where the job puts one: the end of the job's submission, if it is that, and the last
 * change of it. Of a result that was there before, the job may have come to it itself, and died before it told.
 */
export function eventsOfFiled(
  { quiet, facts = {}, submittedAt }: Pick<MatchJob, 'quiet' | 'facts' | 'submittedAt'>,
  result: DoneResult | undefined,
  now: Date,
): FacelaneEvent[] {
  if (result === undefined) return [];
  const since = new Date(now.getTime() - TOLD_WITHIN_MS).toISOString();
  const isEnd = !quiet && result.submittedAt === submittedAt;
  return [
    ...(isEnd ? eventsOfResult(firstOf(result), facts) : []),
    ...eventsOfLastChange(result, { since, externalId: facts.externalId }),
  ];
}
