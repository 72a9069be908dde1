import type { Values, Variable, Variables } from './variable.js';

/** What a concern's `build` knows besides its own values. */
export interface Surroundings {
  /** Absolute folder for everything that is kept locally. */
  readonly dataDir: string;
  /** Absolute folder of the program, which relative defaults are below. */
  readonly programDir: string;
  /** Adds a problem: one sentence for each, collected over all concerns. */
  readonly problem: (sentence: string) => void;
}

export interface ConcernDefinition<V extends Variables, C> {
  readonly title: string;
  readonly variables: V;
  /** Called only when each variable by itself was fine; checks them against each other. */
  readonly build: (values: Values<V>, surroundings: Surroundings) => C;
}

/** A group of variables, and how they become one object. */
export interface Concern<C> {
  readonly title: string;
  readonly variables: Variables;
  /** The concern's object, or undefined after reporting why there is none. */
  readonly read: (env: Environment, surroundings: Surroundings) => C | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function defineConcern<const V extends Variables, C>(definition: ConcernDefinition<V, C>): Concern<C> {
  const { title, variables, build } = definition;
  return {
    title,
    variables,
    read: (env, surroundings) => {
      const problems: string[] = [];
      const problem = (sentence: string): void => void problems.push(sentence);
      const entries = Object.entries(variables).map(([name, variable]) => [
        name,
        readVariable(name, variable, env, problem),
      ]);
      // The entries were made from V's own keys by V's own schemas.
      const values = Object.fromEntries(entries) as Values<V>;
      const built = problems.length === 0 ? build(values, { ...surroundings, problem }) : undefined;
      problems.forEach(surroundings.problem);
      return problems.length === 0 ? built : undefined;
    },
  };
}

/** The text of a variable. Compose files and CI pass an unset one as an empty one. */
export function textOf(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

function readVariable(name: string, variable: Variable, env: Environment, problem: (text: string) => void): unknown {
  const given = textOf(env, name) ?? variable.fallback;
  if (given === undefined) return undefined;
  const parsed = variable.kind.schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const shown = variable.secret === true ? 'is not valid (its value is not shown here)' : `is ${JSON.stringify(given)}`;
  problem(`${name} ${shown}; allowed: ${variable.kind.allowed}, for example ${name}=${variable.example}`);
  return undefined;
}

/** "S3_BUCKET is missing: OBJECT_STORE_DRIVER=s3 needs it, for example S3_BUCKET=photos" */
export function missing(name: string, why: string, example: string): string {
  return `${name} is missing: ${why}, for example ${name}=${example}`;
}
