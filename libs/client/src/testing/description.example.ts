interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly prefixItems?: readonly Schema[];
}

export type Schemas = Readonly<Record<string, Schema>>;

/** A value that fits the schema as far as a client can tell: with every field that is always there, and no other. */
export function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.$ref !== undefined) return exampleOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if ('const' in schema) return schema.const;
  if (schema.example !== undefined) return schema.example;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return exampleOf(schema.anyOf[0], schemas);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {}, schemas)]),
      );
    case 'array':
      return (schema.prefixItems ?? []).map((item) => exampleOf(item, schemas));
    case 'string':
      return TEXTS[schema.format ?? ''] ?? 'text';
    case 'boolean':
      return true;
    default:
      return 1;
  }
}

const TEXTS: Readonly<Record<string, string>> = {
  uuid: '0190163d-8694-739b-aea5-966c26f8ad91',
  'date-time': '2026-01-31T12:00:00.000Z',
};
