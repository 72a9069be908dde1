import { StageError } from '@facelane/contracts';

/** @throws StageError INGEST.TOO_LARGE with the measured size and the limit, both in bytes */
export function assertSize(info: { readonly key: string; readonly size: number }, maxBytes: number): void {
  if (info.size <= maxBytes) return;
  throw new StageError('INGEST.TOO_LARGE', `The object ${info.key} has ${info.size} bytes; the limit is ${maxBytes}.`, {
    safeDetails: { bytes: info.size, maxBytes },
  });
}
