/** For `.catch(undefinedWhenMissing)`: a file that is not there is an answer, any other failure is a failure. */
export function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
