import { basename } from 'node:path';
import { type DetectedFace, type QualityGates, UsageError } from '@facelane/contracts';
import { cosine } from '@facelane/vision';
import type { CliContext, CommonFlags } from '../cli.context.js';
import type { PhotoEmbedder } from '@facelane/stages';
import { withModels } from '../local.session.js';
import { probabilityLine, verifyLine } from '../output/tables/search.table.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { readBars } from './bars/bars.file.js';
import { BARS_FLAG, requireOwnBars } from './bars/bars.option.js';
import { withheldLine, withheldPair } from './bars/withheld.pair.js';
import { type CliCommand } from './command.js';
import { remoteApi } from '../remote/remote.api.js';
import { remoteVerify } from '../remote/remote.verify.js';
import { readPhoto } from './read-photo.js';

interface VerifyFlags extends CommonFlags {
  readonly bars?: string;
}

export const verifyCommand: CliCommand = {
  register(program, run) {
    program
      .command('verify')
      .summary('do two photos show the same person?')
      .argument('<a>', 'photo; of several faces the largest is taken')
      .argument('<b>', 'the other photo')
      .option(BARS_FLAG, 'bars of quality as JSON: a face below `match` or `store` decides nothing')
      .action(
        run<VerifyFlags>(async (context, { bars }, [a = '', b = '']) => {
          requireOwnBars(context, bars);
          const api = remoteApi(context);
          return api === undefined
            ? localVerify(context, a, b, await readBars(bars))
            : remoteVerify(context, api, a, b);
        }),
      );
  },
};

async function localVerify(context: CliContext, a: string, b: string, gates?: QualityGates): Promise<number> {
  return withModels(context, async ({ embedder, contract: { thresholds, distance }, comparer }) => {
    const [first, second] = await Promise.all([faceOf(embedder, a), faceOf(embedder, b)]);
    const similarity = cosine(first.vector, second.vector);
    const bars = { match: thresholds['1e-4'] ?? 1, review: thresholds['1e-3'] ?? 1 };
    const [probability] = comparer ? await comparer.probabilities(first.vector, second.vector) : [];
    const withheld = withheldPair([first.face, second.face], gates);
    const reached = similarity >= bars.match ? 'match' : similarity >= bars.review ? 'review' : 'none';
    const decision = withheld === undefined ? reached : 'none';
    if (context.json) {
      const quality = [first.face.quality, second.face.quality];
      context.print(
        JSON.stringify({
          similarity,
          decision,
          thresholds: bars,
          contract: embedder.contract,
          quality,
          ...(probability !== undefined && { probability }),
          ...(distance && { distance: distance(similarity) }),
          ...(withheld && { withheld }),
        }),
      );
    } else {
      const line = verifyLine(similarity, bars, context.style, distance);
      context.print(withheld === undefined ? line : withheldLine(similarity, [a, b], withheld));
      if (probability !== undefined) context.print(probabilityLine(probability));
    }
    return EXIT_CODES.ok;
  });
}

async function faceOf(embedder: PhotoEmbedder, path: string): Promise<{ face: DetectedFace; vector: Float32Array }> {
  const { faces, vectors } = await embedder.embed(await readPhoto(path), basename(path));
  const area = ({ box }: DetectedFace): number => box.width * box.height;
  const face = [...faces].sort((x, y) => area(y) - area(x))[0];
  const vector = face && vectors[face.index];
  if (face === undefined || vector === undefined) {
    throw new UsageError(`No face was found in ${path}.`, 'Use a photo in which the face is larger or sharper.');
  }
  return { face, vector };
}
