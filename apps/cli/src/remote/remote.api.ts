import { createFacelane, type Facelane, FacelaneProblem } from '@facelane/client';
import type { CliContext } from '../cli.context.js';

/** The running API that the environment names, if it names one. */
export function remoteApi({ config }: Pick<CliContext, 'config'>): Facelane | undefined {
  return config.client.api === undefined ? undefined : createFacelane(config.client.api);
}

/** The collection, made if need be; whoever may not make one uses what is there. */
export async function ensureRemoteCollection(api: Facelane, id: string): Promise<void> {
  try {
    await api.collections.create({ id });
  } catch (error) {
    if (!(error instanceof FacelaneProblem && error.code === 'API.COLLECTION_EXISTS')) {
      if (!(error instanceof FacelaneProblem && error.code === 'API.SCOPE_MISSING')) throw error;
      await api.collections.get(id);
    }
  }
}
