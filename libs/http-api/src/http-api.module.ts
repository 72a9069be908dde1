import { PortsModule, RuntimeOptions } from '@facelane/boot';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { AssetsController } from './controllers/assets.controller.js';
import { CollectionsController } from './controllers/collections.controller.js';
import { DeliveriesController } from './controllers/deliveries.controller.js';
import { EventsController } from './controllers/events.controller.js';
import { FacesController } from './controllers/faces.controller.js';
import { JobsController } from './controllers/jobs.controller.js';
import { KeysController } from './controllers/keys.controller.js';
import { NotificationsController } from './controllers/notifications.controller.js';
import { PeopleController } from './controllers/people.controller.js';
import { RecognitionController } from './controllers/recognition.controller.js';
import { SystemController } from './controllers/system.controller.js';
import { UploadsController } from './controllers/uploads.controller.js';
import { WebhooksController } from './controllers/webhooks.controller.js';
import { BodyReader } from './body/body.reader.js';
import { EndpointInterceptor } from './endpoint/endpoint.interceptor.js';
import { IdempotentAnswers } from './endpoint/idempotent.answers.js';
import { OpenAnswers } from './endpoint/open.answers.js';
import { eventProviders } from './nest/event.providers.js';
import { galleryProviders } from './nest/gallery.providers.js';
import { housekeepingProvider } from './nest/housekeeping.provider.js';
import { jobProviders } from './nest/job.providers.js';
import { registryProviders } from './nest/registry.providers.js';
import { requestProviders } from './nest/request.providers.js';
import { serviceProviders } from './nest/service.providers.js';
import { webhookProviders } from './nest/webhook.providers.js';
import { ProblemFilter } from './problem/problem.filter.js';

/** HTTP in front of the pipeline. Whoever imports it starts it with `startHttp`. */
@Module({
  imports: [PortsModule.failingFast()],
  controllers: [
    AssetsController,
    UploadsController,
    JobsController,
    NotificationsController,
    CollectionsController,
    PeopleController,
    RecognitionController,
    FacesController,
    EventsController,
    WebhooksController,
    DeliveriesController,
    KeysController,
    SystemController,
  ],
  providers: [
    ...registryProviders,
    ...galleryProviders,
    ...serviceProviders,
    ...jobProviders,
    ...eventProviders,
    ...webhookProviders,
    ...requestProviders,
    housekeepingProvider,
    {
      provide: APP_FILTER,
      inject: [RuntimeOptions],
      useFactory: ({ log }: RuntimeOptions) => new ProblemFilter(log),
    },
    {
      provide: APP_INTERCEPTOR,
      inject: [BodyReader, IdempotentAnswers, OpenAnswers],
      useFactory: (...parts: ConstructorParameters<typeof EndpointInterceptor>) => new EndpointInterceptor(...parts),
    },
  ],
})
export class HttpApiModule {}
