import { resolve } from 'node:path';
import { defineConcern } from '../concern.js';
import { flag, hosts, integer, paths } from '../kinds.js';
import { optional, variable } from '../variable.js';

export interface SourceConfig {
  /** Absolute folders below which photos may be named by path. */
  readonly fileRoots: readonly string[];
  /** How photos are fetched that are named by URL. */
  readonly url: {
    /** Also plain http. */
    readonly allowHttp: boolean;
    /** Host names, addresses and networks that need not be public. */
    readonly allow: readonly string[];
    /** For the whole of one photo, redirects included, milliseconds. */
    readonly timeoutMs: number;
  };
}

export const sourceConcern = defineConcern({
  title: 'Photo sources',
  variables: {
    SOURCE_FILE_ROOTS: optional({
      kind: paths(),
      meaning: 'Folders below which a job may name a photo by its path.',
      example: '/srv/photos',
      defaultNote: 'none',
    }),
    SOURCE_URL_HTTP: variable({
      kind: flag(),
      meaning: 'Whether photos are fetched over plain http too, where anybody on the way can read and change them.',
      example: 'true',
      fallback: 'false',
    }),
    SOURCE_URL_ALLOW: optional({
      kind: hosts(),
      meaning: 'Hosts that a job may name in a URL although they are not on the public internet.',
      example: 'photos.internal,10.20.0.0/16',
      defaultNote: 'none',
    }),
    SOURCE_URL_TIMEOUT_MS: variable({
      // Below the timeout of the ingest stage, which would hide the reason.
      kind: integer(1, 100_000),
      meaning: 'Milliseconds that fetching one photo by URL may take, redirects included.',
      example: '30000',
      fallback: '15000',
    }),
  },
  build: (values): SourceConfig => ({
    fileRoots: (values.SOURCE_FILE_ROOTS ?? []).map((root) => resolve(root)),
    url: {
      allowHttp: values.SOURCE_URL_HTTP,
      allow: values.SOURCE_URL_ALLOW ?? [],
      timeoutMs: values.SOURCE_URL_TIMEOUT_MS,
    },
  }),
});
