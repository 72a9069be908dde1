import { EVENT_SCHEMAS, EVENT_TYPES, type EventType } from '@facelane/contracts';
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Name of an event's schema in documents and of its type in clients: `asset.completed` is `AssetCompletedEvent`. */
export const schemaNameOf = (type: EventType): string =>
  `${type.replaceAll(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Event`;

/** JSON Schema of each event with its envelope, by the name of the schema. Draft 7, which AsyncAPI takes without saying so. */
export function eventJsonSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(EVENT_TYPES.map((type) => [schemaNameOf(type), jsonSchemaOf(EVENT_SCHEMAS[type])]));
}

/** One JSON Schema that every event fits, for whoever checks what he receives. */
export function buildEventSchema(): JsonSchema {
  const definitions = eventJsonSchemas();
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'FacelaneEvent',
    description: 'Any event; `type` tells which. Types may be added: one that is not here is no error.',
    oneOf: Object.keys(definitions).map((name) => ({ $ref: `#/definitions/${name}` })),
    definitions,
  };
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, { target: 'draft-7', override: readable });
  return Object.fromEntries(Object.entries(made).filter(([name]) => name !== '$schema'));
}

/**
 * A pattern that only spells out a format, and the bounds of whole numbers in JavaScript, tell a reader nothing. What is sent
 * has the members of the schema and no other, but a consumer must not hold us to that: more may be added.
 */
function readable({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
