import type { EventType } from '@facelane/client';
import { EVENT_TYPES, eventTypeSchema, UsageError } from '@facelane/contracts';
import type { CliContext } from '../cli.context.js';
import { LOCAL_TENANT } from '../commands/command.js';
import { withBelts } from '../commands/status.command.js';
import { EXIT_CODES, isInterruption } from '../output/exit-codes.js';
import { remoteApi } from '../remote/remote.api.js';
import { localEvents } from './local.events.js';
import { eventLine, type ShownEvent } from './shown-event.js';

export interface TailFlags {
  readonly types?: string;
  readonly collection?: string;
  readonly after: string;
}

/** Prints events of a running API, or of the log that is here, until it is interrupted. */
export async function tail(context: CliContext, flags: TailFlags): Promise<number> {
  const { signal } = context;
  const { collection, after } = flags;
  const types = typesOf(flags.types);
  const query = {
    ...(types !== undefined && { types }),
    ...(collection !== undefined && { collection }),
    ...(after !== 'oldest' && { after }),
  };
  const api = remoteApi(context);
  try {
    if (api !== undefined) await print(context, api.events.read({ ...query, signal }));
    else {
      await withBelts(context, ({ pipeline }) =>
        print(context, localEvents(pipeline.eventLog, LOCAL_TENANT, query, signal)),
      );
    }
    return EXIT_CODES.ok;
  } catch (error) {
    if (!isInterruption(error)) throw error;
    return EXIT_CODES.interrupted;
  }
}

async function print(context: CliContext, events: AsyncIterable<ShownEvent>): Promise<void> {
  for await (const event of events) context.print(context.json ? JSON.stringify(event) : eventLine(event));
}

/** @throws UsageError for a type that there is not. */
function typesOf(text: string | undefined): EventType[] | undefined {
  return text?.split(',').map((name) => {
    const type = eventTypeSchema.safeParse(name.trim());
    if (type.success) return type.data;
    throw new UsageError(`There is no type of events "${name}".`, `Name some of ${EVENT_TYPES.join(', ')}.`);
  });
}
