import { findBreakingChanges } from '../breaking-changes.js';
import { buildOpenApi } from '../build-openapi.js';

/** As much of a schema as the edits of a test touch. */
export interface Schema {
  [keyword: string]: unknown;
  type?: unknown;
  enum?: unknown[];
  properties: Record<string, Schema>;
  required: string[];
  items: Schema;
  anyOf: Schema[];
}

interface Parameter {
  in: string;
  name: string;
  required?: boolean;
  schema: Schema;
}

type Contents = Record<string, { schema: Schema }>;

interface Operation {
  operationId: string;
  parameters: Parameter[];
  requestBody?: { required?: boolean; content: Contents };
  responses: Record<string, { content: Contents }>;
  security?: unknown[];
  'x-scopes'?: string[];
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
}

/** The real description, which a test may change. */
export class DescriptionDraft {
  readonly description = structuredClone(buildOpenApi()) as unknown as Description;

  private get operations(): Operation[] {
    return Object.values(this.description.paths).flatMap((item) => Object.values(item));
  }

  get operationIds(): string[] {
    return this.operations.map(({ operationId }) => operationId);
  }

  operation(id: string): Operation {
    return this.operations.find(({ operationId }) => operationId === id)!;
  }

  schema(name: string): Schema {
    return this.description.components.schemas[name]!;
  }

  field(name: string, field: string): Schema {
    return this.schema(name).properties[field]!;
  }

  parameter(id: string, name: string): Parameter {
    return this.operation(id).parameters.find((parameter) => parameter.name === name)!;
  }

  optional(name: string, field: string): void {
    this.schema(name).required = this.schema(name).required.filter((other) => other !== field);
  }

  removeField(name: string, field: string): void {
    Reflect.deleteProperty(this.schema(name).properties, field);
    this.optional(name, field);
  }
}

/** `where: what` of every change that the edit makes. */
export function changesBy(
  edit: (draft: DescriptionDraft) => void,
  prepare: (draft: DescriptionDraft) => void = () => undefined,
): string[] {
  const [released, current] = [new DescriptionDraft(), new DescriptionDraft()];
  for (const draft of [released, current]) prepare(draft);
  edit(current);
  return findBreakingChanges(released.description, current.description).map(({ where, what }) => `${where}: ${what}`);
}

/** What a test calls it, the edit, and what is found then. */
export type Case = readonly [what: string, edit: (draft: DescriptionDraft) => void, found: readonly string[]];
