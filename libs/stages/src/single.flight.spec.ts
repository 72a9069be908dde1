import { expect, it, vi } from 'vitest';
import { SingleFlight } from './single.flight.js';

/** Work that ends when it is told to, and how often it was begun. */
function controlled() {
  const begun: { readonly end: (value: string) => void; readonly fail: (error: Error) => void }[] = [];
  const work = (): Promise<string> =>
    new Promise((end, fail) => {
      begun.push({ end, fail });
    });
  return { begun, work };
}

const never = new AbortController().signal;
const running = async (begun: readonly unknown[], count: number): Promise<void> =>
  vi.waitFor(() => expect(begun).toHaveLength(count));

it('does work once for those who need it at the same time, and again for who comes later', async () => {
  const flights = new SingleFlight<string>();
  const { begun, work } = controlled();
  const runs = [1, 2, 3].map(() => flights.run('a', never, work));
  const other = flights.run('b', never, () => Promise.resolve('other'));
  expect(begun).toHaveLength(1);
  begun[0]!.end('once');
  expect(await Promise.all([...runs, other])).toEqual(['once', 'once', 'once', 'other']);
  const later = flights.run('a', never, work);
  expect(begun).toHaveLength(2);
  begun[1]!.end('twice');
  expect(await later).toBe('twice');
});

it('lets the next one do what the first could not, and keeps the failure to the first', async () => {
  const flights = new SingleFlight<string>();
  const { begun, work } = controlled();
  const [first, ...others] = [1, 2, 3].map(() => flights.run('a', never, work));
  begun[0]!.fail(new Error('photo of the first'));
  await expect(first).rejects.toThrow('photo of the first');
  await running(begun, 2);
  begun[1]!.end('done');
  expect(await Promise.all(others)).toEqual(['done', 'done']);
  expect(begun).toHaveLength(2);
});

it('waits for nobody who was told to stop, whether he heeds it or not', async () => {
  const flights = new SingleFlight<string>();
  const { begun, work } = controlled();
  const stop = new AbortController();
  const first = flights.run('a', stop.signal, work);
  const second = flights.run('a', never, work);
  stop.abort(new Error('timeout'));
  await running(begun, 2);
  // What the first does after all concerns nobody else.
  begun[0]!.end('late');
  expect(await first).toBe('late');
  const third = flights.run('a', never, work);
  begun[1]!.end('second');
  expect(await Promise.all([second, third])).toEqual(['second', 'second']);
  expect(begun).toHaveLength(2);
});

it('waits no longer than its own signal', async () => {
  const flights = new SingleFlight<string>();
  const { begun, work } = controlled();
  const stop = new AbortController();
  const first = flights.run('a', never, work);
  const second = flights.run('a', stop.signal, work);
  stop.abort(new Error('timeout'));
  await expect(second).rejects.toThrow('timeout');
  await expect(flights.run('a', stop.signal, work)).rejects.toThrow('timeout');
  begun[0]!.end('first');
  expect(await first).toBe('first');
  expect(begun).toHaveLength(1);
});
