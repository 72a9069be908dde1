import type { ReceiptDocument } from '../../documents/erasure.schema.js';
import type { PersonDocument, Reference } from '../../documents/person.schema.js';
import type { EventOf } from '../event.schema.js';
import { makeEvent } from './make-event.js';

/** A reference that was taken away and is taken again from the same photo is another fact. */
export function eventOfEnrolment(person: PersonDocument, reference: Reference): EventOf<'person.enrolled'> {
  const { tenant, collection, id: personId, externalId, references, createdAt, updatedAt } = person;
  const { pointId, assetId, faceIndex, addedAt } = reference;
  // Its place and not how many there are: by the time it is told once more, there may be others behind it.
  const at = references.findIndex((each) => each.pointId === pointId);
  return makeEvent('person.enrolled', {
    tenant,
    collection,
    facts: [personId, pointId, addedAt ?? ''],
    timestamp: addedAt ?? updatedAt ?? createdAt,
    data: {
      personId,
      ...(externalId !== undefined && { externalId }),
      references: at === -1 ? references.length + 1 : at + 1,
      referenceId: pointId,
      assetId,
      faceIndex,
    },
  });
}

/**
 * One event of each person that the receipt proves the erasure of: the one who was asked for and whoever was merged into
 * him, by the ids under which consumers know them. The receipt itself names nobody.
 */
export function eventsOfErasure(receipt: ReceiptDocument, personIds: Iterable<string>): EventOf<'person.erased'>[] {
  const { tenant, collection, id: receiptId, suppressed, completedAt } = receipt;
  return [...new Set(personIds)].sort().map((personId) =>
    makeEvent('person.erased', {
      tenant,
      collection,
      facts: [receiptId, personId],
      timestamp: completedAt,
      data: { personId, receiptId, suppressed },
    }),
  );
}
