import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller.js';

const callers = new WeakMap<FastifyRequest, Caller>();

/** Nobody in particular: of endpoints that everybody may use. */
const NOBODY: Caller = { tenant: '', keyId: '', scopes: [], isOperator: false };

/** Remembered by the access hook, before the body is read. */
export function rememberCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

export function knownCaller(request: FastifyRequest): Caller | undefined {
  return callers.get(request);
}

export function callerOf(request: FastifyRequest): Caller {
  return callers.get(request) ?? NOBODY;
}
