import { randomUUID } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/search.endpoints.js';
import { AssetIntake } from '../services/asset.intake.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { Contract } from '../services/contract.facts.js';
import { Recognition } from '../services/recognition.js';
import { Verification } from '../services/verification.js';
import { faceView, searchFaceView } from '../views/face.view.js';

/** Questions about photos that somebody waits for. */
@Controller()
export class RecognitionController {
  constructor(
    @Inject(Recognition) private readonly recognition: Recognition,
    @Inject(Verification) private readonly verification: Verification,
    @Inject(CollectionLookup) private readonly lookup: CollectionLookup,
    @Inject(AssetIntake) private readonly assets: AssetIntake,
    @Inject(Contract) private readonly contract: Contract,
  ) {}

  @Endpoint(endpoints.search)
  async search({
    caller,
    params,
    body,
    signal,
  }: EndpointInput<typeof endpoints.search>): Promise<EndpointOutput<typeof endpoints.search>> {
    const { tenant } = caller;
    const { image, limit, onePersonPerPhoto, store, externalId, contract } = body;
    const collection = await this.lookup.requireUsable(tenant, params.collection, contract);
    const seen = await this.recognition.look(tenant, collection.contract, image, 'vectors', signal);
    const faces = await this.recognition.recognise(collection, seen, { limit, onePersonPerPhoto });
    const kept = store
      ? await this.assets.accept(
          { tenant, collection, photo: image, externalId, lane: 'interactive' },
          randomUUID(),
          signal,
        )
      : undefined;
    const { width, height } = seen.photo;
    return {
      ...{ collection: collection.id, contract: collection.contract, photo: { width, height } },
      faces: faces.map((face) => searchFaceView(face, collection)),
      droppedFaces: seen.droppedFaces,
      ...(kept !== undefined && { assetId: kept.assetId }),
    };
  }

  @Endpoint(endpoints.verify)
  async verify({
    caller,
    body,
    signal,
  }: EndpointInput<typeof endpoints.verify>): Promise<EndpointOutput<typeof endpoints.verify>> {
    return this.verification.verify(caller.tenant, body, signal);
  }

  @Endpoint(endpoints.detect)
  async detect({
    caller,
    body,
    signal,
  }: EndpointInput<typeof endpoints.detect>): Promise<EndpointOutput<typeof endpoints.detect>> {
    const contract = this.contract.id;
    const { photo, faces, droppedFaces } = await this.recognition.look(
      caller.tenant,
      contract,
      body.image,
      'faces',
      signal,
    );
    const { width, height } = photo;
    return { contract, photo: { width, height }, faces: faces.map((face) => faceView(face, {})), droppedFaces };
  }
}
