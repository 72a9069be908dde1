import type { Interval } from '@facelane/vision';

/** A share as per cent, e.g. `97.90 %`. */
export const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;

/** `97.31–98.40 %` */
export const intervalText = ({ low, high }: Interval, digits = 2): string =>
  `${(low * 100).toFixed(digits)}–${percent(high, digits)}`;

export const cosineText = (cosine: number): string => cosine.toFixed(3);

/** A rate as it is asked for, e.g. `1e-4` or `0.03`. */
export function rateText(rate: number): string {
  const power = Math.log10(rate);
  return Math.abs(power - Math.round(power)) < 1e-9 ? `1e${Math.round(power)}` : String(Number(rate.toPrecision(3)));
}

/** `12 454 344` with thin spaces that do not break. */
export const countText = (count: number): string => count.toLocaleString('en-US').replaceAll(',', '\u202f');
