import { z } from 'zod';
import { defineConcern } from '../concern.js';
import { integer } from '../kinds.js';
import { type Kind, optional, variable } from '../variable.js';

export interface BulkConfig {
  /** Items of bulk jobs that a tenant has on the belt at a time. */
  readonly window: number;
  /** Of tenants whose weight is not 1. */
  readonly tenantWeights: Readonly<Record<string, number>>;
}

export const bulkConcern = defineConcern({
  title: 'Bulk jobs',
  variables: {
    BULK_WINDOW: variable({
      kind: integer(1, 10_000),
      meaning: 'Items of bulk jobs that each tenant has on the belt at a time; his running jobs share it by weight.',
      example: '400',
      fallback: '200',
    }),
    BULK_TENANT_WEIGHTS: optional({
      kind: weights(),
      meaning:
        'Tenants who get so many times the share of the work that others get; the windows of those are smaller then.',
      example: 'acme=3,globex=2',
      defaultNote: '1 for each',
    }),
  },
  build: (values): BulkConfig => ({
    window: values.BULK_WINDOW,
    tenantWeights: values.BULK_TENANT_WEIGHTS ?? {},
  }),
});

const WEIGHT = /^(?<tenant>[a-z0-9-]{1,63})=(?<weight>[1-9]\d?|100)$/;

function weights(): Kind<Readonly<Record<string, number>>> {
  return {
    schema: z
      .string()
      .transform((value) => value.split(',').map((item) => WEIGHT.exec(item.trim())?.groups))
      .refine((items) => items.every((item) => item !== undefined))
      .transform((items) => Object.fromEntries(items.map((item) => [item!['tenant']!, Number(item!['weight'])]))),
    allowed: 'tenant=weight, separated by commas, weights from 1 to 100',
  };
}
