import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/upload.endpoints.js';
import { UploadDesk } from '../services/upload.desk.js';

/** Uploads past the API, straight to the object store where it can take them. */
@Controller()
export class UploadsController {
  constructor(@Inject(UploadDesk) private readonly desk: UploadDesk) {}

  @Endpoint(endpoints.createUpload)
  async create({
    caller,
    body,
  }: EndpointInput<typeof endpoints.createUpload>): Promise<EndpointOutput<typeof endpoints.createUpload>> {
    return this.desk.open(caller.tenant, body);
  }

  @Endpoint(endpoints.putUpload)
  async put({ params, query, body, signal }: EndpointInput<typeof endpoints.putUpload>): Promise<undefined> {
    await this.desk.take({ ...query, tenant: params.tenant, uploadId: params.upload }, body, signal);
    return undefined;
  }
}
