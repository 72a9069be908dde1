import type { z } from 'zod';
import { type FieldError, ProblemError } from '../problem/problem.error.js';
import type { EndpointDeclaration } from './define-endpoint.js';

export interface RequestParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** More faults than this help nobody, and a long list of items could have one each. */
const MAX_ERRORS = 50;

const PARTS = ['params', 'query', 'body'] as const;

/**
 * Parses every declared part and reports all faults at once.
 *
 * @param which parts to look at; the others come out empty. Default: all.
 * @throws ProblemError API.REQUEST_INVALID
 */
export function parseParts(
  endpoint: EndpointDeclaration,
  raw: RequestParts,
  which: readonly (keyof RequestParts)[] = PARTS,
): RequestParts {
  const errors: FieldError[] = [];
  const parse = (part: keyof RequestParts, schema: z.ZodType | undefined, fallback: unknown): unknown => {
    if (schema === undefined || !which.includes(part)) return fallback;
    const result = schema.safeParse(raw[part] ?? (part === 'body' ? undefined : {}));
    if (result.success) return result.data;
    const issues = result.error.issues.slice(0, MAX_ERRORS);
    errors.push(...issues.flatMap((issue) => fieldErrors(part, issue)).slice(0, MAX_ERRORS));
    return fallback;
  };
  const parts = {
    params: parse('params', endpoint.params, {}),
    query: parse('query', endpoint.query, {}),
    body: parse('body', endpoint.body?.schema, undefined),
  };
  if (errors.length === 0) return parts;
  throw new ProblemError('API.REQUEST_INVALID', `The request does not fit ${endpoint.method} ${endpoint.path}.`, {
    errors: errors.slice(0, MAX_ERRORS),
  });
}

function fieldErrors(part: string, issue: z.core.$ZodIssue): FieldError[] {
  const at = (path: readonly PropertyKey[]): string => [part, ...path.map(String)].join('.').slice(0, 256);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: at([...issue.path, key]), message: 'is not a field of this request' }));
  }
  return [{ path: at(issue.path), message: issue.message }];
}
