import { connect, type ConnectionOptions } from './connection.js';
import { AssetOperations } from './operations/asset.operations.js';
import { CollectionOperations } from './operations/collection.operations.js';
import { EventOperations } from './operations/event.operations.js';
import { FaceOperations } from './operations/face.operations.js';
import { JobOperations } from './operations/job.operations.js';
import { KeyOperations } from './operations/key.operations.js';
import { PersonOperations } from './operations/person.operations.js';
import { RecognitionOperations } from './operations/recognition.operations.js';
import { SystemOperations } from './operations/system.operations.js';
import { UploadOperations } from './operations/upload.operations.js';
import { WebhookOperations } from './operations/webhook.operations.js';

/** The API, by what it is about. */
export interface Facelane {
  readonly assets: AssetOperations;
  readonly jobs: JobOperations;
  readonly collections: CollectionOperations;
  readonly people: PersonOperations;
  readonly recognition: RecognitionOperations;
  readonly faces: FaceOperations;
  readonly uploads: UploadOperations;
  readonly events: EventOperations;
  readonly webhooks: WebhookOperations;
  readonly keys: KeyOperations;
  readonly system: SystemOperations;
}

/**
 * A client of one deployment, for one key. Nothing is sent before the first call. Every call throws
 * {@link FacelaneProblem} when the API refuses it, {@link FacelaneUnreachable} when there is no answer, and the signal's
 * reason when it is given up.
 *
 * @throws TypeError when the url or the key cannot be used
 */
export function createFacelane(options: ConnectionOptions): Facelane {
  const connection = connect(options);
  return {
    assets: new AssetOperations(connection),
    jobs: new JobOperations(connection),
    collections: new CollectionOperations(connection),
    people: new PersonOperations(connection),
    recognition: new RecognitionOperations(connection),
    faces: new FaceOperations(connection),
    uploads: new UploadOperations(connection),
    events: new EventOperations(connection),
    webhooks: new WebhookOperations(connection),
    keys: new KeyOperations(connection),
    system: new SystemOperations(connection),
  };
}
