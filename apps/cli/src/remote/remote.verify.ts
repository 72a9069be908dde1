import type { Facelane } from '@facelane/client';
import type { CliContext } from '../cli.context.js';
import { readPhoto } from '../commands/read-photo.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { probabilityLine, verifyLine } from '../output/tables/search.table.js';

/** Asks a running API whether two photos show the same person. */
export async function remoteVerify(context: CliContext, api: Facelane, a: string, b: string): Promise<number> {
  const { signal } = context;
  const [first, second] = await Promise.all([readPhoto(a), readPhoto(b)]);
  const [answer, me] = await Promise.all([
    api.recognition.verify({ a: first, b: second }, { signal }),
    api.system.whoAmI({ signal }),
  ]);
  const bars = { match: me.thresholds['1e-4'] ?? 1, review: me.thresholds['1e-3'] ?? 1 };
  if (context.json) {
    const { similarity, decision, contract, probability } = answer;
    const quality = [answer.a.quality, answer.b?.quality];
    const said = probability !== undefined && { probability };
    context.print(JSON.stringify({ similarity, decision, thresholds: bars, contract, quality, ...said }));
  } else {
    context.print(verifyLine(answer.similarity, bars, context.style));
    if (answer.probability !== undefined) context.print(probabilityLine(answer.probability));
  }
  return EXIT_CODES.ok;
}
