import type { Environment } from './concern.js';
import { CONFIG_TABLE } from './concerns.table.js';

const NAMES = CONFIG_TABLE.map((row) => row.name);
/** Prefixes that nobody else's variables have; API_, LOG_, DATA_ and SOURCE_ are everybody's. */
const OWN_PREFIXES = [
  'REDIS_',
  'OBJECT_STORE_',
  'S3_',
  'FACE_INDEX_',
  'QDRANT_',
  'INFERENCE_',
  'MODELS_',
  'IMAGING_',
  'QUEUE_',
];
/** Kubernetes sets REDIS_SERVICE_HOST, REDIS_PORT_6379_TCP_ADDR and the like for a service named redis. */
const KUBERNETES = /_(?:SERVICE_(?:HOST|PORT\w*)|PORT(?:_\d+_\w+)?)$/;
const TYPO_DISTANCE = 2;

/** One sentence for each variable that looks like ours and is none: most are typing errors. */
export function warnOfUnknown(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => !NAMES.includes(name) && !KUBERNETES.test(name))
    .flatMap((name) => {
      const near = NAMES.find((known) => editDistance(name, known) <= TYPO_DISTANCE);
      if (near !== undefined) return [`${name} is not a variable of Facelane and is ignored; ${near} is.`];
      if (!OWN_PREFIXES.some((prefix) => name.startsWith(prefix))) return [];
      return [`${name} is not a variable of Facelane and is ignored; README.md lists all of them.`];
    });
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > TYPO_DISTANCE) return TYPO_DISTANCE + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
