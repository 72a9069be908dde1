import { UsageError } from '@facelane/contracts';

/** Why a server could not listen, as something to mend. */
export function listenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} of ${host} is in use by another program.`,
        'Stop that program, or set API_PORT to another port (0 takes a free one).',
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UsageError(`${host} is no address of this machine.`, 'Correct API_HOST, for example 0.0.0.0.', {
        cause: error,
      });
    case 'EACCES':
      return new UsageError(`This user may not open port ${port}.`, 'Set API_PORT to a port of 1024 or above.', {
        cause: error,
      });
    default:
      return error;
  }
}
