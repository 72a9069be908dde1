import { isIP } from 'node:net';
import { delimiter } from 'node:path';
import { z } from 'zod';
import type { Kind } from './variable.js';

export function text(allowed = 'any text'): Kind<string> {
  return { schema: z.string(), allowed };
}

/** `allowed` describes the pattern in words. */
export function pattern(regex: RegExp, allowed: string): Kind<string> {
  return { schema: z.string().regex(regex), allowed };
}

export function integer(minimum: number, maximum: number): Kind<number> {
  return {
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(minimum).max(maximum)),
    allowed: `a whole number from ${minimum} to ${maximum}`,
  };
}

export function oneOf<const T extends readonly [string, ...string[]]>(...names: T): Kind<T[number]> {
  return { schema: z.enum(names), allowed: names.join(', ') };
}

export function flag(): Kind<boolean> {
  return {
    schema: z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1'),
    allowed: 'true or false',
  };
}

/** An absolute URL; `protocols` such as `http`. */
export function url(...protocols: readonly string[]): Kind<string> {
  const fits = (value: string): boolean =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)) && new URL(value).hostname !== '';
  return {
    schema: z.string().refine(fits),
    allowed: `a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
  };
}

export function paths(): Kind<readonly string[]> {
  return {
    schema: z.string().transform((value) => value.split(delimiter).filter((path) => path !== '')),
    allowed: `folders, separated by ${delimiter}`,
  };
}

/** Hosts by name, by address, or by the network their addresses lie in. */
export function hosts(): Kind<readonly string[]> {
  return {
    schema: z
      .string()
      .transform((value) => value.split(',').map((entry) => entry.trim()))
      .refine((entries) => entries.every(namesHosts)),
    allowed: 'host names, addresses and networks such as 10.0.0.0/8, separated by commas',
  };
}

function namesHosts(entry: string): boolean {
  const [address = '', length, ...rest] = entry.split('/');
  if (length === undefined) return isIP(entry) !== 0 || (/^\w([\w.-]*\w)?$/.test(entry) && !/^[\d.]+$/.test(entry));
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits;
}
