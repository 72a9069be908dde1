import { createParamDecorator, Delete, type ExecutionContext, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { EndpointDeclaration, EndpointHandler } from './define-endpoint.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on every route of the API; the hooks and the interceptor go by it. */
    readonly endpoint?: EndpointDeclaration;
  }
  interface FastifyRequest {
    /** What the handler is given; made by the interceptor. */
    endpointInput?: unknown;
  }
}

const ROUTES = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete } as const;

const Input = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().endpointInput,
);

/**
 * Makes a controller's method the handler of a declared endpoint. It takes one argument, the parsed input, and returns
 * the body; a method whose types do not fit the declaration does not compile.
 */
export function Endpoint<E extends EndpointDeclaration>(endpoint: E) {
  return <Handler extends EndpointHandler<E>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Handler>,
  ): void => {
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
    Input()(target, key, 0);
    for (const decorate of [
      ROUTES[endpoint.method](path),
      HttpCode(endpoint.success.status),
      RouteConfig({ endpoint }),
    ]) {
      decorate(target, key, descriptor as TypedPropertyDescriptor<unknown>);
    }
  };
}
