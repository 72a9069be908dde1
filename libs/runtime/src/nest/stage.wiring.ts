import { type AnyStageName } from '@facelane/contracts';
import { DeliveryHandler } from '@facelane/events';
import type { NamedHandler } from '@facelane/queue';
import {
  DetectHandler,
  EmbedHandler,
  IngestHandler,
  MatchHandler,
  ProbeHandler,
  RebindHandler,
} from '@facelane/stages';
import type { FactoryProvider, Type } from '@nestjs/common';
import { deliveryProvider } from './delivery.provider.js';
import {
  detectProvider,
  embedProvider,
  ingestProvider,
  matchProvider,
  probeProvider,
  rebindProvider,
} from './handler.providers.js';

interface StageWiring {
  readonly handler: FactoryProvider<NamedHandler>;
  readonly token: Type<NamedHandler>;
  /** Whether the stage runs models: the others start without them. */
  readonly infers?: true;
  /** Whether the stage decides who is who: then it has the contract's comparer, if there is one. */
  readonly decides?: true;
  /** Whether the stage fetches photos from where their owners keep them. */
  readonly fetches?: true;
}

/** Which class does the work of which stage of all tables: a stage without a line here does not compile. */
export const STAGE_WIRING: Readonly<Record<AnyStageName, StageWiring>> = {
  ingest: { handler: ingestProvider, token: IngestHandler, fetches: true },
  detect: { handler: detectProvider, token: DetectHandler, infers: true },
  embed: { handler: embedProvider, token: EmbedHandler, infers: true },
  match: { handler: matchProvider, token: MatchHandler, decides: true },
  probe: { handler: probeProvider, token: ProbeHandler, fetches: true, infers: true },
  rebind: { handler: rebindProvider, token: RebindHandler },
  delivery: { handler: deliveryProvider, token: DeliveryHandler },
};
