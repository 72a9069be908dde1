import type { EndpointDeclaration } from '../endpoint/define-endpoint.js';
import * as assets from './asset.endpoints.js';
import * as collections from './collection.endpoints.js';
import * as deliveries from './delivery.endpoints.js';
import * as events from './event.endpoints.js';
import * as faces from './face.endpoints.js';
import * as jobs from './job.endpoints.js';
import * as keys from './key.endpoints.js';
import * as notifications from './notification.endpoints.js';
import * as people from './person.endpoints.js';
import * as recognition from './search.endpoints.js';
import { live, ready, whoAmI } from './system.endpoints.js';
import * as uploads from './upload.endpoints.js';
import * as webhooks from './webhook.endpoints.js';

/** The table of the API, in the order of its description. */
export const ENDPOINTS: readonly EndpointDeclaration[] = [
  ...Object.values(assets),
  ...Object.values(uploads),
  ...Object.values(jobs),
  ...Object.values(notifications),
  ...Object.values(collections),
  ...Object.values(people),
  ...Object.values(recognition),
  ...Object.values(faces),
  ...Object.values(events),
  ...Object.values(webhooks),
  ...Object.values(deliveries),
  ...Object.values(keys),
  ...[whoAmI, live, ready],
];
