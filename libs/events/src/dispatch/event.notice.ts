import type { EventFacts, EventType } from '@facelane/contracts';
import { z } from 'zod';

/** What deciding who is sent an event takes, and no more. */
export interface EventNotice {
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
  /** What filters ask for. */
  readonly facts: EventFacts;
}

type About = Pick<EventFacts, 'people' | 'bestScore' | 'unknown'>;

const NOBODY: About = { people: [], unknown: false };

const person = z.object({ personId: z.string() }).transform(({ personId }): About => ({
  people: [personId],
  unknown: false,
}));
const decided = z.object({ decision: z.string(), personId: z.string().optional() });

/**
 * How the data of a type is read; of others only the envelope is of interest. Members that are not named here are passed over:
 * while processes are replaced one by one, a newer one may tell of more than this one knows, and nothing of it is to be lost.
 */
const ABOUT: Partial<Record<EventType, z.ZodType<About>>> = {
  'face.matched': z.object({ personId: z.string(), score: z.number().optional() }).transform(({ personId, score }) => ({
    people: [personId],
    bestScore: score,
    unknown: false,
  })),
  'face.unmatched': z
    .object({ bestScore: z.number().optional() })
    .transform(({ bestScore }) => ({ people: [], bestScore, unknown: true })),
  'match.updated': z
    .object({ from: decided, to: decided, score: z.number().optional() })
    // Whoever follows a person is to hear as well that a face is his no more.
    .transform(({ from, to, score }) => ({
      people: [from.personId, to.personId].filter((id) => id !== undefined),
      bestScore: score,
      unknown: to.decision === 'none',
    })),
  'person.enrolled': person,
  'person.erased': person,
};

const envelopeSchema = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  collection: z.string().optional(),
  data: z.unknown(),
});

/**
 * @param body - as the log has it, of this version or a newer one
 * @throws SyntaxError or ZodError when it is no event, or its data lack what its type is filtered by
 */
export function readNotice(body: string): EventNotice {
  const { type, timestamp, collection, data } = envelopeSchema.parse(JSON.parse(body));
  const about = ABOUT[type as EventType]?.parse(data) ?? NOBODY;
  return { at: Date.parse(timestamp), facts: { type, collection, ...about } };
}
