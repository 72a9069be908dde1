import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_COARSE } from './coarse/coarse.options.js';
import { EmbeddedClient } from './embedded.client.js';
import type { IndexRequest } from './embedded.protocol.js';

it('fails what was open when its thread dies, and starts another for the next request', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'facelane-index-'));
  const client = new EmbeddedClient(
    { file: join(folder, 'faces.db'), busyTimeoutMs: 1000, adviseAbove: 1, coarse: DEFAULT_COARSE },
    () => undefined,
  );
  const ensure = { op: 'ensureContract', contract: { id: 'c', dimension: 8 } } as const;
  await client.ask(ensure);
  // No request at all: the thread does not expect it and dies of it.
  const deadly = client.ask(null as unknown as IndexRequest);
  const beside = client.ask(ensure);
  await expect(deadly).rejects.toMatchObject({ code: 'INDEX.UNAVAILABLE', retry: 'backoff' });
  await expect(beside).rejects.toMatchObject({ code: 'INDEX.UNAVAILABLE' });
  await client.ask(ensure);
  await client.ask({ op: 'close' });
  rmSync(folder, { recursive: true });
});
