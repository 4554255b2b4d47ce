// The OpenAPI document, made of the routes themselves.

import { Type, type TSchema } from 'typebox';

import type { AdminAnswer, AdminRoute, AdminState } from '../route.ts';

type Json = Readonly<Record<string, unknown>>;

/** `routes` are all others. */
export function openapiRoutes({ version }: AdminState, routes: readonly AdminRoute[]): AdminRoute[] {
  const own: AdminRoute = {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    answers: {
      200: { description: 'OpenAPI 3.1.', content: { type: 'application/json', schema: Type.Object({}) } },
    },
    serve: () => document,
  };
  const document = documentOf([...routes, own], version);
  return [own];
}

function documentOf(routes: readonly AdminRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  const description = 'What reached the fake SigNoz of `flowrig serve`, and what goes wrong there.';
  return { openapi: '3.1.0', info: { title: 'flowrig admin API', version, description }, paths };
}

function operationOf({ method, path, summary, query, body, answers }: AdminRoute): Json {
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/\W(\w)?/g, (_, letter: string = '') => letter.toUpperCase())}`,
    summary,
    ...(query ? { parameters: parametersOf(query) } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
  };
}

function responseOf({ description, content }: AdminAnswer): Json {
  return { description, ...(content ? { content: { [content.type]: { schema: content.schema } } } : {}) };
}

/** Each property by its name; what other names may hold is one parameter whose keys become the names. */
function parametersOf(query: TSchema): Json[] {
  const { properties, additionalProperties } = query as {
    properties?: Record<string, Json>;
    additionalProperties?: Json;
  };
  const named = Object.entries(properties ?? {}).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    description,
    schema,
  }));
  if (!additionalProperties) return named;
  const { description, ...schema } = additionalProperties;
  const others = {
    name: 'attributes',
    in: 'query',
    description,
    style: 'form',
    explode: true,
    schema: { type: 'object', additionalProperties: schema },
  };
  return [...named, others];
}
