import type { FastifyRequest } from 'fastify';
import type { BodyDeclaration } from '../endpoint/define-endpoint.js';
import { ProblemError } from '../problem/problem.error.js';
import { ByteBudget } from './byte-budget.js';
import { readForm } from './form.reader.js';

export interface BodyLimits {
  /** Largest body, bytes. */
  readonly maxBodyBytes: number;
  /** Bytes of bodies in memory at once. */
  readonly maxBodyBytesInFlight: number;
}

/** The body of a request as its endpoint declares it, not yet checked. */
export class BodyReader {
  private readonly budget: ByteBudget;

  constructor(private readonly limits: BodyLimits) {
    this.budget = new ByteBudget(limits.maxBodyBytesInFlight);
  }

  /** Hands the body to `work`; while that runs, the bytes count as held. */
  async with<T>(
    request: FastifyRequest,
    body: BodyDeclaration | undefined,
    signal: AbortSignal,
    work: (body: unknown) => Promise<T>,
  ): Promise<T> {
    if (body === undefined) return work(undefined);
    const isForm = request.isMultipart();
    if (isForm && body.kind !== 'form') {
      throw new ProblemError('API.TYPE_UNSUPPORTED', 'This endpoint takes application/json.');
    }
    if (!isForm) return work(request.body);
    const length = Number(request.headers['content-length'] ?? this.limits.maxBodyBytes);
    return this.budget.with(length, signal, async () => work(await readForm(request, body, this.limits.maxBodyBytes)));
  }
}
