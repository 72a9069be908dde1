import type { FastifyInstance } from 'fastify';
import { addEarlyChecks, type EarlyDependencies } from './early.checks.js';
import { addRequestHooks, type HookDependencies } from './request.hooks.js';

/** The hooks of a server with what they need; the class is the injection token. */
export class RequestGate {
  constructor(private readonly dependencies: HookDependencies & EarlyDependencies) {}

  /** To be called before the routes are there: Fastify gives a route the hooks that were added before it. */
  addTo(server: FastifyInstance): void {
    addRequestHooks(server, this.dependencies);
    addEarlyChecks(server, this.dependencies);
  }
}
