import { move, transferableSymbol, valueSymbol } from 'piscina';
import { StageError } from '@facelane/contracts';
import type { WorkerOutcome } from './messages.js';

/** Settles to data that survives the way between threads; buffers are moved, not copied. */
export async function outcome<T>(work: Promise<T>, owned: (value: T) => readonly ArrayBufferView[]): Promise<unknown> {
  try {
    const value = await work;
    const result: WorkerOutcome<T> = { ok: true, value };
    return move({
      [transferableSymbol]: owned(value).map(({ buffer }) => buffer),
      [valueSymbol]: result,
    });
  } catch (error) {
    const { code, message, retry, safeDetails } = describe(error);
    const result: WorkerOutcome<T> = { ok: false, code, message, retry, safeDetails };
    return result;
  }
}

function describe(error: unknown): StageError {
  if (error instanceof StageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StageError('INFERENCE.FAILED', `Inference failed: ${message}`);
}
