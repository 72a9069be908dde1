import type { AnyPipeline, StageContext } from '@facelane/contracts';

/** A class that does the work of one stage, by the stage's name. */
export interface NamedHandler {
  readonly stage: string;
  readonly handle: (input: never, context: StageContext) => Promise<unknown>;
}

/**
 * The handler of each stage that this process is to run. Refuses, with the fix in the message, when one is missing,
 * two claim the same stage, or one claims a stage that does not exist.
 */
export function bindHandlers(
  pipeline: Pick<AnyPipeline, 'order'>,
  stages: readonly string[],
  handlers: readonly NamedHandler[],
): ReadonlyMap<string, NamedHandler> {
  const bound = new Map<string, NamedHandler>();
  for (const handler of handlers) {
    const name = handler.constructor.name;
    if (!pipeline.order.includes(handler.stage)) {
      throw new TypeError(
        `${name} handles stage "${handler.stage}", which the pipeline does not have. ` +
          `Set its \`stage\` to one of: ${pipeline.order.join(', ')}.`,
      );
    }
    const other = bound.get(handler.stage);
    if (other !== undefined) {
      throw new TypeError(
        `Stage "${handler.stage}" has two handlers, ${other.constructor.name} and ${name}. ` +
          'Remove one of them from the list of handlers of this app.',
      );
    }
    bound.set(handler.stage, handler);
  }
  const missing = stages.filter((stage) => !bound.has(stage));
  if (missing.length > 0) {
    throw new TypeError(
      `No handler for stage ${missing.map((stage) => `"${stage}"`).join(', ')}. ` +
        'Add a class with that `stage` to the list of handlers of this app.',
    );
  }
  return bound;
}
