// A process that uses the private Redis of the folder in its first argument: says so in one line, and leaves when
// told to on standard input. Tests kill it at will.
import { ensureRedis } from '../index.js';

const ignore = (): void => undefined;
const redis = await ensureRedis({ dataDir: process.argv[2]!, log: { info: ignore, warn: ignore } });
process.stdout.write(`${JSON.stringify({ url: redis.url, origin: redis.origin })}\n`);
process.stdin.once('data', () => {
  void redis.stop().then(() => process.exit(0));
});
