/** Entry of a worker thread. Each named export is a task; the pool calls it by name with plain data. */
import { workerData } from 'piscina';
import { binOf } from '@facelane/vision';
import { eachPair, eachSearch } from './each-pair.js';
import type { PairColumns, PairData, PairTasks } from './pair.tasks.js';

const data = workerData as PairData;
const { people, genuine, impostor } = data;

export function countPairs(range: PairTasks['countPairs']['input']): undefined {
  eachPair(data, range, (first, second, score) => {
    Atomics.add(people[first] === people[second] ? genuine : impostor, binOf(score), 1);
  });
}

export function findPairs(wanted: PairTasks['findPairs']['input']): PairTasks['findPairs']['output'] {
  const { impostorFrom, genuineBelow, thresholds } = wanted;
  const far = new Columns();
  const near = new Columns();
  const accepted = new Map<string, [person: number, threshold: number, pairs: number]>();
  eachPair(data, wanted, (first, second, score) => {
    if (people[first] !== people[second]) {
      if (score >= impostorFrom) near.add(first, second, score);
      return;
    }
    if (score < genuineBelow) far.add(first, second, score);
    thresholds.forEach((threshold, at) => {
      if (score < threshold) return;
      const person = people[first]!;
      const known = accepted.get(`${person} ${at}`);
      if (known === undefined) accepted.set(`${person} ${at}`, [person, at, 1]);
      else known[2] += 1;
    });
  });
  return {
    impostor: near.columns(),
    genuine: far.columns(),
    accepted: Int32Array.from([...accepted.values()].flat()),
  };
}

export function searchProbes(range: PairTasks['searchProbes']['input']): PairTasks['searchProbes']['output'] {
  const { from, to } = range;
  const own = new Float64Array(to - from).fill(Number.NaN);
  const top = new Float64Array(to - from).fill(-Infinity);
  const rank = new Int32Array(to - from);
  eachSearch(data, range, (probe, enrolled, score) => {
    if (score > top[probe - from]!) top[probe - from] = score;
    if (people[probe] === people[enrolled]) own[probe - from] = score;
  });
  eachSearch(data, range, (probe, _enrolled, score) => {
    if (score >= own[probe - from]!) rank[probe - from]! += 1;
  });
  return { own, top, rank };
}

/** Pairs as they are found, as columns that travel between threads in one piece. */
class Columns {
  private readonly first: number[] = [];
  private readonly second: number[] = [];
  private readonly score: number[] = [];

  add(first: number, second: number, score: number): void {
    this.first.push(first);
    this.second.push(second);
    this.score.push(score);
  }

  columns(): PairColumns {
    return {
      first: Int32Array.from(this.first),
      second: Int32Array.from(this.second),
      score: Float64Array.from(this.score),
    };
  }
}
