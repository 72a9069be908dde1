import { StageError } from '@facelane/contracts';

/** A worker makes vectors of one contract only; a job of another waits for a worker that has it. */
export function requireContract(loaded: string, asked: string): void {
  if (loaded === asked) return;
  throw new StageError(
    'INFERENCE.CONTRACT_MISMATCH',
    `This worker runs model contract ${loaded}; the job asks for ${asked}.`,
    { safeDetails: { loaded, asked } },
  );
}
