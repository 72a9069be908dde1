import { type CollectionDocument, type QualityGates, UsageError } from '@facelane/contracts';
import type { CliContext } from '../../cli.context.js';
import type { LocalSession } from '../../local.session.js';
import { LOCAL_TENANT } from '../command.js';

/** Of the commands that work on this machine; the file is read by readBars. */
export const BARS_FLAG = '--bars <file>';

/** @throws UsageError when the environment names a running API: a collection there has bars of its own. */
export function requireOwnBars({ config }: Pick<CliContext, 'config'>, file: string | undefined): void {
  if (file === undefined || config.client.api === undefined) return;
  throw new UsageError(
    '--bars is for what is worked on here; the API that FACELANE_URL names goes by the bars of its collections.',
    'Set them there, PATCH /v1/collections/{id} { "qualityBars": … }, or leave FACELANE_URL unset.',
  );
}

/** The collection of this machine, made if need be. Bars that are given replace its own, from now on. */
export async function collectionWithBars(
  { session }: LocalSession,
  id: string,
  qualityBars: QualityGates | undefined,
): Promise<CollectionDocument> {
  const collection = await session.ensureCollection(LOCAL_TENANT, id);
  if (qualityBars === undefined) return collection;
  return (await session.collections.update(LOCAL_TENANT, id, { qualityBars })) ?? collection;
}
