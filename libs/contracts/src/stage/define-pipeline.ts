import type { z } from 'zod';
import type { StageDeclaration } from './define-stage.js';

type Declarations = Readonly<Record<string, StageDeclaration>>;

/** What a handler of the stage is given and must return. */
export type StageInput<S extends StageDeclaration> = z.output<S['input']>;
export type StageOutput<S extends StageDeclaration> = z.input<S['output']>;

/**
 * Turns a wrong edge into a compile error that says what is wrong: the property's type becomes a sentence that the
 * declaration cannot satisfy.
 */
type CheckedStages<S extends Declarations> = {
  readonly [K in keyof S]: S[K]['name'] extends K
    ? S[K]['next'] extends null
      ? S[K]
      : S[K]['next'] extends keyof S
        ? z.output<S[K]['output']> extends z.input<S[S[K]['next']]['input']>
          ? S[K]
          : `the output of ${K & string} does not fit the input of ${S[K]['next'] & string}`
        : `${K & string} names an unknown next stage: ${S[K]['next'] & string}`
    : `the key ${K & string} must be the stage's own name`;
};

/** A pipeline whose stages are not known by name; every Pipeline fits it. */
export interface AnyPipeline {
  readonly stages: Declarations;
  readonly order: readonly string[];
}

export interface Pipeline<S extends Declarations> extends AnyPipeline {
  readonly stages: S;
  /** Stages in the order in which an asset meets them. */
  readonly order: readonly (keyof S & string)[];
}

/**
 * Joins stages into a chain. Does not compile when a `next` is unknown or an output does not fit the next input;
 * throws at load time when the stages do not form one chain that meets each stage once.
 */
export function definePipeline<const S extends Declarations>(stages: S & CheckedStages<S>): Pipeline<S> {
  const declared: Declarations = stages;
  const targets = new Set(Object.values(declared).map((stage) => stage.next));
  const heads = Object.keys(declared).filter((name) => !targets.has(name));
  const order: string[] = [];
  for (let name: string | null = heads[0] ?? null; name !== null; name = declared[name]?.next ?? null) {
    if (order.includes(name)) break;
    order.push(name);
  }
  if (heads.length !== 1 || order.length !== Object.keys(declared).length) {
    throw new TypeError(
      `The stages must form one chain; first stages found: ${heads.join(', ') || 'none'}; ` +
        `chain: ${order.join(' → ') || 'none'}. Set each stage's next to the stage that follows it, the last to null.`,
    );
  }
  return Object.freeze({ stages: Object.freeze(stages), order: Object.freeze(order) });
}
