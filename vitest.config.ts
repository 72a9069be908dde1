import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const libs = fileURLToPath(new URL('./libs/', import.meta.url));

export default defineConfig({
  resolve: { alias: [{ find: /^@facelane\/([a-z-]+)$/, replacement: `${libs}$1/src/index.ts` }] },
  test: {
    // onnxruntime-node rejects typed arrays of another realm, so no vmThreads; forks give every file its own process.
    pool: 'forks',
    include: ['{apps,libs,test,bench,scripts}/**/*.spec.ts'],
    // Worker threads load compiled files, so the tree is compiled once before any test.
    globalSetup: ['test/support/build.setup.ts', 'test/support/redis.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
