import { apiConcern } from './concerns/api.config.js';
import { bulkConcern } from './concerns/bulk.config.js';
import { clientConcern } from './concerns/client.config.js';
import { dataConcern } from './concerns/data.config.js';
import { eventsConcern } from './concerns/events.config.js';
import { faceIndexConcern } from './concerns/face-index.config.js';
import { imagingConcern } from './concerns/imaging.config.js';
import { inferenceConcern } from './concerns/inference.config.js';
import { logConcern } from './concerns/log.config.js';
import { modelsConcern } from './concerns/models.config.js';
import { objectStoreConcern } from './concerns/object-store.config.js';
import { queueConcern } from './concerns/queue.config.js';
import { redisConcern } from './concerns/redis.config.js';
import { sourceConcern } from './concerns/source.config.js';
import { webhookConcern } from './concerns/webhook.config.js';

/** Every concern under its name in the configuration, in the order of the README's table. */
export const CONCERNS = {
  redis: redisConcern,
  objectStore: objectStoreConcern,
  faceIndex: faceIndexConcern,
  data: dataConcern,
  models: modelsConcern,
  inference: inferenceConcern,
  imaging: imagingConcern,
  source: sourceConcern,
  queue: queueConcern,
  bulk: bulkConcern,
  events: eventsConcern,
  api: apiConcern,
  webhook: webhookConcern,
  client: clientConcern,
  log: logConcern,
};

export interface VariableRow {
  readonly concern: string;
  readonly name: string;
  readonly default: string;
  readonly allowed: string;
  readonly meaning: string;
  readonly secret: boolean;
}

/** Every variable of the product, as the documentation shows it. */
export const CONFIG_TABLE: readonly VariableRow[] = Object.values(CONCERNS).flatMap((concern) =>
  Object.entries(concern.variables).map(([name, variable]) => ({
    concern: concern.title,
    name,
    default: variable.fallback ?? variable.defaultNote ?? '',
    allowed: variable.kind.allowed,
    meaning: variable.meaning,
    secret: variable.secret ?? false,
  })),
);
