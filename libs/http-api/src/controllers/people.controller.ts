import { type PersonDocument, uuidSchema } from '@facelane/contracts';
import { Eraser, PeopleEditor } from '@facelane/gallery';
import { PeopleRegistry, SuppressionsRegistry } from '@facelane/registry';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/person.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { cursorAfter, readCursor } from '../services/cursor.js';
import { Enrolment } from '../services/enrolment.js';
import { PersonLookup } from '../services/person.lookup.js';
import { personView, referenceView } from '../views/person.view.js';

const LIST = 'people';

/** People of a collection and their reference faces. */
@Controller()
export class PeopleController {
  constructor(
    @Inject(PeopleRegistry) private readonly people: PeopleRegistry,
    @Inject(SuppressionsRegistry) private readonly suppressions: SuppressionsRegistry,
    @Inject(PersonLookup) private readonly lookup: PersonLookup,
    @Inject(CollectionLookup) private readonly collections: CollectionLookup,
    @Inject(PeopleEditor) private readonly editor: PeopleEditor,
    @Inject(Eraser) private readonly eraser: Eraser,
    @Inject(Enrolment) private readonly enrolment: Enrolment,
  ) {}

  @Endpoint(endpoints.createPerson)
  async create({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.createPerson>): Promise<EndpointOutput<typeof endpoints.createPerson>> {
    const { tenant } = caller;
    const { collection } = params;
    await this.collections.require(tenant, collection);
    const { externalId } = body;
    if (externalId !== undefined && (await this.suppressions.has(tenant, collection, { externalId }))) {
      throw new ProblemError('API.PERSON_SUPPRESSED', `The person with this externalId was erased from ${collection}.`);
    }
    const created = await this.people.create({ ...body, tenant, collection });
    if (created.outcome === 'created') return personView(created.person);
    throw new ProblemError('API.PERSON_EXISTS', `Person ${created.person.id} has this externalId.`);
  }

  @Endpoint(endpoints.listPeople)
  async list({
    caller,
    params,
    query,
  }: EndpointInput<typeof endpoints.listPeople>): Promise<EndpointOutput<typeof endpoints.listPeople>> {
    await this.collections.require(caller.tenant, params.collection);
    const { name, externalId, cursor, limit } = query;
    if (externalId !== undefined) {
      const person = await this.people.findByExternalId(caller.tenant, params.collection, externalId);
      return { items: person === undefined ? [] : [personView(person)] };
    }
    const after = readCursor(cursor, LIST, uuidSchema);
    const { items, next } = await this.people.page(caller.tenant, params.collection, { after, limit, contains: name });
    return { items: items.map(personView), ...(next !== undefined && { next: cursorAfter(LIST, next) }) };
  }

  @Endpoint(endpoints.getPerson)
  async get({
    caller,
    params,
  }: EndpointInput<typeof endpoints.getPerson>): Promise<EndpointOutput<typeof endpoints.getPerson>> {
    return personView(await this.lookup.require(caller.tenant, params.collection, params.person));
  }

  @Endpoint(endpoints.updatePerson)
  async update({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.updatePerson>): Promise<EndpointOutput<typeof endpoints.updatePerson>> {
    const { id, collection } = await this.lookup.require(caller.tenant, params.collection, params.person);
    const updated = await this.people.update({ tenant: caller.tenant, collection, id }, body);
    return personView(this.lookup.present(updated, params.collection, params.person));
  }

  @Endpoint(endpoints.deletePerson)
  async remove({
    caller,
    params,
    query,
  }: EndpointInput<typeof endpoints.deletePerson>): Promise<EndpointOutput<typeof endpoints.deletePerson>> {
    const { id, collection } = await this.lookup.requireUnmerged(caller.tenant, params.collection, params.person);
    const person = { tenant: caller.tenant, collection, id };
    if (query.erase === undefined) {
      await this.editor.remove(person);
      return { id, erased: false };
    }
    const receipt = await this.eraser.erase({
      ...{ tenant: caller.tenant, collection, personId: id },
      suppress: query.suppress,
    });
    return { id, erased: true, receipt: receipt.id };
  }

  @Endpoint(endpoints.enrolFaces)
  async enrol({
    caller,
    params,
    body,
    signal,
  }: EndpointInput<typeof endpoints.enrolFaces>): Promise<EndpointOutput<typeof endpoints.enrolFaces>> {
    const { tenant } = caller;
    const collection = await this.collections.requireUsable(tenant, params.collection);
    const person = await this.lookup.requireUnmerged(tenant, params.collection, params.person);
    const photos = await this.enrolment.enrol(collection, person, body, signal);
    const count = (outcome: string): number => photos.filter((photo) => photo.outcome === outcome).length;
    return {
      person: personView(await this.lookup.require(tenant, params.collection, params.person)),
      ...{ photos, accepted: count('accepted'), refused: count('refused') },
    };
  }

  @Endpoint(endpoints.listReferences)
  async references({
    caller,
    params,
  }: EndpointInput<typeof endpoints.listReferences>): Promise<EndpointOutput<typeof endpoints.listReferences>> {
    const { references } = await this.lookup.require(caller.tenant, params.collection, params.person);
    return { items: references.map(referenceView) };
  }

  @Endpoint(endpoints.deleteReference)
  async removeReference({
    caller,
    params,
  }: EndpointInput<typeof endpoints.deleteReference>): Promise<EndpointOutput<typeof endpoints.deleteReference>> {
    const { id, collection, references } = await this.lookup.require(caller.tenant, params.collection, params.person);
    if (!references.some(({ pointId }) => pointId === params.reference)) {
      throw new ProblemError('API.REFERENCE_MISSING', `Person ${id} has no reference face ${params.reference}.`);
    }
    const person = { tenant: caller.tenant, collection, id };
    return personView(await this.present(this.editor.removeReference(person, params.reference), params));
  }

  @Endpoint(endpoints.mergePeople)
  async merge({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.mergePeople>): Promise<EndpointOutput<typeof endpoints.mergePeople>> {
    const { tenant } = caller;
    const { collection } = params;
    const into = await this.lookup.requireUnmerged(tenant, collection, params.person);
    const from = await this.lookup.require(tenant, collection, body.person);
    if (into.id === from.id) throw new ProblemError('API.MERGE_REFUSED', 'A person cannot be merged into itself.');
    if (from.mergedInto !== undefined && from.mergedInto !== into.id) {
      throw new ProblemError('API.PERSON_MERGED', `Person ${from.id} was merged into ${from.mergedInto}.`);
    }
    const [target, source] = [into, from].map(({ id }) => ({ tenant, collection, id }));
    return personView(await this.present(this.editor.merge(target!, source!), params));
  }

  @Endpoint(endpoints.unmergePeople)
  async unmerge({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.unmergePeople>): Promise<EndpointOutput<typeof endpoints.unmergePeople>> {
    const { tenant } = caller;
    const { collection } = params;
    const into = await this.lookup.require(tenant, collection, params.person);
    const from = await this.lookup.require(tenant, collection, body.person);
    if (from.mergedInto !== into.id) {
      throw new ProblemError('API.MERGE_REFUSED', `Person ${from.id} was not merged into ${into.id}.`);
    }
    const [target, source] = [into, from].map(({ id }) => ({ tenant, collection, id }));
    return personView(await this.present(this.editor.unmerge(target!, source!), params));
  }

  private async present(
    changed: Promise<PersonDocument | undefined>,
    { collection, person }: { readonly collection: string; readonly person: string },
  ): Promise<PersonDocument> {
    return this.lookup.present(await changed, collection, person);
  }
}
