import { RuntimeOptions } from '@facelane/boot';
import { FaceIndex } from '@facelane/face-index';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { ApiKeysRegistry } from '@facelane/registry';
import type { Provider } from '@nestjs/common';
import { Authenticator } from '../access/authenticator.js';
import { localSecret } from '../access/local.secret.js';
import { BodyReader } from '../body/body.reader.js';
import { IdempotentAnswers } from '../endpoint/idempotent.answers.js';
import { OpenAnswers } from '../endpoint/open.answers.js';
import { Readiness } from '../health/readiness.js';
import { ProblemError } from '../problem/problem.error.js';
import { RequestGate } from '../server/request.gate.js';
import { Contract, contractFacts } from '../services/contract.facts.js';
import { UploadDesk } from '../services/upload.desk.js';

/** What every request passes, whatever it asks for. */
export const requestProviders: Provider[] = [
  {
    provide: Authenticator,
    inject: [ApiKeysRegistry, RuntimeOptions],
    useFactory: (apiKeys: ApiKeysRegistry, { config }: RuntimeOptions) =>
      new Authenticator(apiKeys, config.api.adminKey),
  },
  {
    provide: RequestGate,
    inject: [Authenticator, PipelineBelt, BodyReader, UploadDesk, RuntimeOptions],
    useFactory: (
      authenticator: Authenticator,
      belt: PipelineBelt,
      { budget }: BodyReader,
      desk: UploadDesk,
      { config, log }: RuntimeOptions,
    ) =>
      new RequestGate({
        budget,
        checkUpload: (upload) => desk.check(upload),
        ...{ authenticator, log, limits: belt.limits, gate: belt.gate },
        ...{ maxBodyBytes: config.api.maxBodyBytes, ratePerMinute: config.api.ratePerMinute },
        requireServers: () => {
          if (!belt.connected) throw new ProblemError('API.UNAVAILABLE', 'The queue does not answer.');
        },
      }),
  },
  {
    provide: BodyReader,
    inject: [RuntimeOptions],
    useFactory: ({ config }: RuntimeOptions) => new BodyReader(config.api),
  },
  {
    provide: IdempotentAnswers,
    inject: [PipelineBelt],
    useFactory: ({ once }: PipelineBelt) => new IdempotentAnswers(once),
  },
  { provide: OpenAnswers, useFactory: () => new OpenAnswers() },
  {
    provide: Readiness,
    inject: [PipelineBelt, ObjectStore, FaceIndex],
    useFactory: (belt: PipelineBelt, store: ObjectStore, index: FaceIndex) => new Readiness(belt, store, index),
  },
  {
    provide: Contract,
    inject: [RuntimeOptions],
    useFactory: async ({ config }: RuntimeOptions) => new Contract(await contractFacts(config.models)),
  },
  {
    provide: UploadDesk,
    inject: [ObjectStore, RuntimeOptions],
    useFactory: async (store: ObjectStore, { config }: RuntimeOptions) =>
      new UploadDesk(store, Buffer.from(await localSecret(config.data.dir, 'upload.key'))),
  },
];
