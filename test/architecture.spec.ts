import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');

/** A file that breaks a rule, the import with which it does, and the rule's name. */
const VIOLATIONS = [
  ['apps/cli/src/main.ts', '../../api/src/main.js', 'apps-never-import-apps'],
  ['apps/cli/src/belt.ts', 'bullmq', 'apps-use-queue-for-bullmq'],
  ['libs/stages/src/redis.ts', 'ioredis', 'only-queue-imports-ioredis'],
  ['libs/registry/src/s3.ts', '@aws-sdk/client-s3', 'only-object-store-imports-s3'],
  ['libs/identity/src/qdrant.ts', '@qdrant/js-client-rest', 'only-face-index-imports-qdrant'],
  ['libs/identity/src/vectors.ts', 'sqlite-vec', 'only-face-index-imports-sqlite-vec'],
  ['libs/queue/src/sqlite.ts', 'node:sqlite', 'only-face-index-object-store-imports-sqlite'],
  ['libs/stages/src/model.ts', 'onnxruntime-node', 'only-inference-imports-onnxruntime'],
  ['libs/stages/src/pixels.ts', 'sharp', 'only-imaging-imports-sharp'],
  ['libs/bulk/src/signature.ts', 'standardwebhooks', 'only-events-imports-standardwebhooks'],
  ['libs/queue/src/nest.ts', '@nestjs/common', 'only-boot-runtime-telemetry-http-api-imports-nest'],
  ['libs/vision/src/contracts.ts', '@facelane/contracts', 'room-vision'],
  ['libs/vision/src/files.ts', 'node:fs', 'vision-imports-nothing'],
  ['libs/contracts/src/config.ts', '@facelane/config', 'room-contracts'],
  ['libs/client/src/contracts.ts', '@facelane/contracts', 'room-client'],
  ['libs/client/src/files.ts', 'node:fs', 'client-imports-nothing'],
  ['libs/contracts/src/log.ts', 'pino', 'contracts-only-zod'],
  ['libs/stages/src/queue.ts', '@facelane/queue', 'room-stages'],
  ['libs/stages/src/detect/detect.handler.ts', '../embed/embed.handler.js', 'stages-never-import-stages'],
  ['libs/identity/src/deep.ts', '../../face-index/src/inner.js', 'no-deep-imports'],
  ['libs/queue/src/fixtures.ts', '@facelane/testing', 'testing-only-in-tests'],
  ['libs/queue/src/dev.ts', 'fauxqs', 'no-development-packages-in-production'],
  ['libs/queue/src/foreign.ts', 'msgpackr', 'only-declared-packages'],
  ['libs/misc/src/index.ts', '@facelane/contracts', 'every-room-is-in-the-table'],
  ['libs/queue/src/circle.back.ts', './circle.js', 'no-circular'],
  ['libs/queue/src/lost.ts', './nowhere.js', 'not-unresolvable'],
] as const;

/** Files that the violations above point at, and what tests and rooms may do. */
const LAWFUL = [
  ['apps/api/src/main.ts', '@facelane/config'],
  ['libs/stages/src/embed/embed.handler.ts', '@facelane/contracts'],
  ['libs/face-index/src/inner.ts', 'sqlite-vec'],
  ['libs/queue/src/circle.ts', './circle.back.js'],
  ['libs/queue/src/belt.ts', 'bullmq'],
  ['libs/queue/src/belt.spec.ts', '@facelane/testing'],
  ...['config', 'contracts', 'queue', 'testing'].map((room) => [`libs/${room}/src/index.ts`, 'zod'] as const),
] as const;

const reportSchema = z.object({
  summary: z.object({ violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })) }),
});

let tree: string;
const broken = new Map<string, string[]>();

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'facelane-architecture-'));
  for (const [file, specifier] of [...VIOLATIONS, ...LAWFUL]) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), `import * as it from '${specifier}';\nexport const value = it;\n`);
  }
  for (const file of ['.dependency-cruiser.js', 'tsconfig.json', 'tsconfig.base.json', 'package.json']) {
    await cp(join(root, file), join(tree, file));
  }
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'), 'dir');
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [depcruise, '--config', '.dependency-cruiser.js', '--output-type', 'json', 'apps', 'libs'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: tree, maxBuffer: 64 * 1024 * 1024 });
  for (const { from, rule } of reportSchema.parse(JSON.parse(stdout)).summary.violations) {
    broken.set(from, [...(broken.get(from) ?? []), rule.name]);
  }
});

afterAll(() => rm(tree, { recursive: true, force: true }));

describe('the dependency rules', () => {
  it.each(VIOLATIONS)('%s may not import %s: %s', (file, _specifier, rule) => {
    expect(broken.get(file)).toContain(rule);
  });

  it('let everything else pass', () => {
    expect(LAWFUL.map(([file]) => file).filter((file) => broken.has(file))).toEqual([]);
  });
});
