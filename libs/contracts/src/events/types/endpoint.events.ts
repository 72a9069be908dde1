import { z } from 'zod';
import { uuidSchema } from '../../ids/names.schema.js';
import { defineEvent } from '../define-event.js';

export const disablingReasonSchema = z.enum(['failing', 'gone']);
/** `failing`: nothing was taken for too long. `gone`: it answered 410, which asks for no more. More may come. */
export type DisablingReason = z.output<typeof disablingReasonSchema>;

export const endpointDisabled = defineEvent({
  type: 'endpoint.disabled',
  version: 1,
  summary: 'Nothing is delivered to a webhook endpoint any more until it is enabled again.',
  scope: 'tenant',
  data: z.strictObject({
    endpointId: uuidSchema,
    host: z.string().max(300).meta({ description: 'Host and port of its URL; the rest may be a secret.' }),
    since: z.iso.datetime().meta({ description: 'Since when no delivery has succeeded.' }),
    reason: disablingReasonSchema.meta({
      description: '`failing`: nothing was taken for too long; `gone`: it answered 410, which asks for no more.',
      'x-open-enum': true,
    }),
    lastStatus: z
      .int()
      .min(100)
      .max(599)
      .optional()
      .meta({ description: 'Of the last answer; absent: there was none.' }),
  }),
  example: {
    endpointId: '2c5ea4c0-4067-41c9-8bad-9b1deb4d3b7d',
    host: 'hooks.example.com',
    since: '2026-02-24T18:20:31.000Z',
    reason: 'failing',
    lastStatus: 503,
  },
});
