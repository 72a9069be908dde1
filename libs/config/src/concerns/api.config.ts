import { defineConcern } from '../concern.js';
import { integer, text } from '../kinds.js';
import { variable } from '../variable.js';

export interface ApiConfig {
  readonly host: string;
  readonly port: number;
}

export const apiConcern = defineConcern({
  title: 'API',
  variables: {
    API_HOST: variable({
      kind: text('an address of this machine'),
      meaning: 'Address the API listens on; `0.0.0.0` for every one.',
      example: '0.0.0.0',
      fallback: '127.0.0.1',
    }),
    API_PORT: variable({
      kind: integer(0, 65_535),
      meaning: 'Port of the API; 0 takes a free one.',
      example: '8080',
      fallback: '8080',
    }),
  },
  build: (values): ApiConfig => ({ host: values.API_HOST, port: values.API_PORT }),
});
