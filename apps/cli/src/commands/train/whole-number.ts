import { UsageError } from '@facelane/contracts';

/** @throws UsageError that names the flag and its bounds. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`${flag} ${text} is no whole number from ${least} to ${most}.`, 'Correct it, or leave it out.');
}
