import { EmbeddedFaceIndex } from '../drivers/embedded/embedded.face-index.js';
import { samplePoint, unit } from './samples.js';

/**
 * A process of its own for tests of the embedded driver: writes points one after another into `file` and prints each
 * id once it is acknowledged. Runs for ever when `count` is 0.
 */
const [file = '', contractId = '', tenant = '', count = '0'] = process.argv.slice(2);
const index = new EmbeddedFaceIndex({ file });
const scope = { tenant, collection: 'main' };

async function writeOne(seed: number): Promise<void> {
  const point = samplePoint(scope, { assetId: `asset-${seed}` }, unit(8, seed));
  await index.upsert(contractId, [point]);
  process.stdout.write(`${point.id}\n`);
}

await index.ensureContract({ id: contractId, dimension: 8 });
// Several at a time, so that commits of more than one request are among what is interrupted.
async function writer(first: number): Promise<void> {
  for (let seed = first; count === '0' || seed < Number(count); seed += 4) await writeOne(seed);
}
await Promise.all([0, 1, 2, 3].map(writer));
await index.close();
