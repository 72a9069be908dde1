const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** `share` of a bar, 0..1, in eighths of a column. */
export function bar(share: number, columns: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * columns * 8);
  const full = Math.floor(eighths / 8);
  const text = '█'.repeat(full) + (EIGHTHS[eighths % 8] ?? '');
  return text + '░'.repeat(columns - text.length);
}

/** `41.2`, `180`: three digits say enough of a speed. */
export const speed = (perSecond: number): string =>
  perSecond < 99.95 ? perSecond.toFixed(1) : String(Math.round(perSecond));

/** `8 s`, `3 min 20 s`, `2 h 5 min`: two units say enough of a time. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return withRest(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  return withRest(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** `4.8 MB`, decimal units as in download sizes. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 999_950_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

function withRest(value: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${value} ${unit}` : `${value} ${unit} ${rest} ${restUnit}`;
}
