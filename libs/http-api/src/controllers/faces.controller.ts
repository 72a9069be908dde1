import { type FaceKey, PeopleEditor } from '@facelane/gallery';
import { ReceiptsRegistry } from '@facelane/registry';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/face.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { FaceFinder } from '../services/face.finder.js';
import { PersonLookup } from '../services/person.lookup.js';
import { resultFaceView } from '../views/face.view.js';

/** What people say of faces, and what is left to show of an erasure. */
@Controller()
export class FacesController {
  constructor(
    @Inject(FaceFinder) private readonly faces: FaceFinder,
    @Inject(PersonLookup) private readonly people: PersonLookup,
    @Inject(CollectionLookup) private readonly collections: CollectionLookup,
    @Inject(PeopleEditor) private readonly editor: PeopleEditor,
    @Inject(ReceiptsRegistry) private readonly receipts: ReceiptsRegistry,
  ) {}

  @Endpoint(endpoints.assignFace)
  async assign({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.assignFace>): Promise<EndpointOutput<typeof endpoints.assignFace>> {
    const found = await this.faces.require(caller.tenant, params.face);
    const { id } = await this.people.requireUnmerged(caller.tenant, found.collection, body.person);
    return this.shown(await this.editor.assign(found.face, id), found.face);
  }

  @Endpoint(endpoints.rejectFace)
  async reject({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.rejectFace>): Promise<EndpointOutput<typeof endpoints.rejectFace>> {
    const found = await this.faces.require(caller.tenant, params.face);
    const { id } = await this.people.require(caller.tenant, found.collection, body.person);
    return this.shown(await this.editor.reject(found.face, id), found.face);
  }

  @Endpoint(endpoints.getReceipt)
  async receipt({
    caller,
    params,
  }: EndpointInput<typeof endpoints.getReceipt>): Promise<EndpointOutput<typeof endpoints.getReceipt>> {
    const receipt = await this.receipts.find(caller.tenant, params.receipt);
    if (receipt !== undefined) return receipt;
    throw new ProblemError('API.RECEIPT_MISSING', `There is no receipt ${params.receipt}.`);
  }

  private async shown(
    face: Awaited<ReturnType<PeopleEditor['assign']>>,
    { id, tenant, collection }: FaceKey,
  ): Promise<EndpointOutput<typeof endpoints.assignFace>> {
    if (face === undefined) throw new ProblemError('API.FACE_MISSING', `There is no face ${id}.`);
    return resultFaceView(face, await this.collections.require(tenant, collection));
  }
}
