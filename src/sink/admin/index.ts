// The admin API of a sink that is served on its own: for tests in any language, on a port of its own, for this machine only.

import { fastify, type FastifyInstance } from 'fastify';

import { FlowrigError } from '../../core/errors.ts';
import { bind } from '../http-server.ts';
import { refusalOf } from './guard.ts';
import type { AdminRoute, AdminState } from './route.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { faultRoutes } from './routes/faults.ts';
import { healthRoutes } from './routes/health.ts';
import { metricRoutes } from './routes/metrics.ts';
import { openapiRoutes } from './routes/openapi.ts';

export { DeliveryLog } from './delivery-log.ts';

export interface AdminOptions extends AdminState {
  /** Where it listens; requests must be for 127.0.0.1 all the same, as those that a container publishes are. Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
}

export interface Admin extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly url: string;
}

const ownHost = '127.0.0.1';

/** Faults are a few lines; nobody sends more by mistake. */
const bodyLimitBytes = 1024 * 1024;

/** Opens the API; throws a FlowrigError where the port cannot be had. `log` must be told of everything that the sink archives. */
export async function openAdmin(options: AdminOptions): Promise<Admin> {
  const app = openApp();
  const routes = [healthRoutes, deliveryRoutes, faultRoutes, metricRoutes].flatMap((routesOf) => routesOf(options));
  for (const route of [...routes, ...openapiRoutes(options, routes)]) addRoute(app, route);
  const url = await bind(app, options.host ?? ownHost, options.port);
  return { url, [Symbol.asyncDispose]: () => app.close() };
}

function openApp(): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false, bodyLimit: bodyLimitBytes });
  app.addHook('onRequest', async (request, reply) => {
    const { port } = app.server.address() as { port: number };
    const refusal = refusalOf(request.headers, `${ownHost}:${port}`);
    if (refusal !== undefined) await reply.code(403).send({ message: refusal });
  });
  // Whatever type a client announces, faults are JSON; who deletes may announce one and send nothing.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(body as string));
    } catch (cause) {
      done(new FlowrigError('bad-usage', `The body is not JSON: ${(cause as Error).message}`, { cause }));
    }
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ message: `There is no ${request.method} ${request.url}; see /openapi.json.` }),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof FlowrigError) {
      return reply.code(400).send({ message: error.message, problems: error.problems });
    }
    return reply.code(error.statusCode ?? 500).send({ message: error.message, problems: [] });
  });
  return app;
}

function addRoute(app: FastifyInstance, route: AdminRoute): void {
  const { method, path, query } = route;
  app.route({
    method,
    url: path,
    ...(query ? { schema: { querystring: query } } : {}),
    handler: (request, reply) => route.serve(request, reply),
  });
}
