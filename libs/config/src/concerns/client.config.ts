import { z } from 'zod';
import { missing, defineConcern } from '../concern.js';
import { url } from '../kinds.js';
import { optional } from '../variable.js';

/** A running API that the command line speaks to instead of doing the work itself. */
export interface ClientConfig {
  readonly api: { readonly url: string; readonly key: string } | undefined;
}

export const clientConcern = defineConcern({
  title: 'Client of a running API',
  variables: {
    FACELANE_URL: optional({
      kind: url('http', 'https'),
      meaning:
        'Address of a running API; `enroll`, `search`, `verify` and `events tail` then ask it and need no models here.',
      example: 'http://127.0.0.1:8080',
      defaultNote: 'the command line does the work itself',
    }),
    FACELANE_KEY: optional({
      kind: { schema: z.string().regex(/^[\x21-\x7e]{1,512}$/), allowed: 'an API key' },
      meaning: 'The key to ask it with; required with FACELANE_URL.',
      example: 'fl_acme_…',
      secret: true,
    }),
  },
  build: (values, { problem }): ClientConfig => {
    const { FACELANE_URL: address, FACELANE_KEY: key } = values;
    if (address === undefined) return { api: undefined };
    if (key === undefined) problem(missing('FACELANE_KEY', 'FACELANE_URL needs it', 'fl_acme_…'));
    return { api: { url: address, key: key ?? '' } };
  },
});
