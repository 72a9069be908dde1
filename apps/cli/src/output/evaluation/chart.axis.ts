export interface Axis {
  /** With the unit. */
  readonly title: string;
  readonly scale: 'linear' | 'log';
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Share of the axis at which a value lies, 0..1; values beyond an end lie at it. */
export function placeOn({ scale, from, to }: Axis, value: number): number {
  const at = scale === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.min(1, Math.max(0, at));
}

/** Powers of ten from `lowest`, rounded down to one, to 1. `label` is given the power. */
export function logAxis(title: string, lowest: number, label: (power: number) => string = powerLabel): Axis {
  const first = Math.floor(Math.log10(lowest) + 1e-9);
  const powers = Array.from({ length: 1 - first }, (_, at) => first + at);
  const ticks = powers.map((power) => ({ value: 10 ** power, label: label(power) }));
  return { title, scale: 'log', from: 10 ** first, to: 1, ticks };
}

const powerLabel = (power: number): string => (power === 0 ? '1' : `1e${power}`);

/** `0.1 %` for −3. */
export const percentLabel = (power: number): string => `${Number((10 ** (power + 2)).toPrecision(1))} %`;

/** About five ticks at round steps, the ends among them where they are round. */
export function linearAxis(title: string, from: number, to: number, label: (value: number) => string): Axis {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const ticks = [];
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + step * 1e-9; at++) {
    ticks.push({ value: at * step, label: label(at * step) });
  }
  return { title, scale: 'linear', from, to, ticks };
}
