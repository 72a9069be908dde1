import { createHash } from 'node:crypto';
import { keys, type ReceiptDocument, receiptDocumentSchema } from '@facelane/contracts';
import type { DocumentStore } from '../document.store.js';
import { canonicalJson } from './canonical-json.js';

/** A receipt before it is sealed. */
export type OpenReceipt = Omit<ReceiptDocument, 'digest'>;

/** Proofs of erasures. They outlive the collection they tell of, and say nothing of who was erased. */
export class ReceiptsRegistry {
  constructor(private readonly documents: DocumentStore) {}

  /** Seals the receipt with its digest and files it. */
  async write(receipt: OpenReceipt): Promise<ReceiptDocument> {
    const sealed = { ...receipt, digest: digestOf(receipt) };
    await this.documents.write(keys.receipt(receipt.tenant, receipt.id), receiptDocumentSchema, sealed);
    return sealed;
  }

  async find(tenant: string, id: string): Promise<ReceiptDocument | undefined> {
    return this.documents.read(keys.receipt(tenant, id), receiptDocumentSchema);
  }
}

/** SHA-256 of the receipt's canonical JSON without its digest; equal to `digest` unless somebody changed the receipt. */
export function digestOf(receipt: OpenReceipt | ReceiptDocument): string {
  const open = { ...receipt, digest: undefined };
  return createHash('sha256').update(canonicalJson(open)).digest('hex');
}

/** Whoever knows the person's id can compute this, and so show that the receipt is about him; nobody else can. */
export function subjectOf(
  { tenant, collection, id }: Pick<OpenReceipt, 'tenant' | 'collection' | 'id'>,
  personId: string,
): string {
  return createHash('sha256').update(`erasure:${tenant}:${collection}:${personId}:${id}`).digest('hex');
}
