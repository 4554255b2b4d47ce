// The public collector (SigNoz/signoz-otel-collector): the JSON receiver on a port of its own with the path `/`, OTLP/HTTP on
// another, no keys. Its order: opening the decoder 400, path 404 or 301, method, body. What it does was recorded from the real
// binary; the vectors in test/sink/vectors hold samples.

import { tooLarge } from '../decode/content-encoding.ts';
import type { VisitUntil } from '../decode/record-view.ts';
import { grpcListener } from '../routes/otlp-grpc.ts';
import { otlpLogsRoute } from '../routes/otlp-logs.ts';
import { askRoute, refuseEncoding, type Route, type Ruling } from '../routes/route.ts';
import { signozJsonRoute } from '../routes/signoz-json.ts';
import { decodedPath, notFound, redirectUnclean } from '../routes/unknown-path.ts';
import type { SinkRequest } from '../request.ts';
import { collectorLimitBytes, type Edition, type EditionOptions, type Listener } from './edition.ts';

export function selfhostEdition(options: EditionOptions): Edition {
  return {
    // Keep-alive is off since v0.142: the factory builds its ServerConfig by hand (receiver/httplogreceiver/httplogreceiver.go).
    main: listener(signozJsonRoute, ['/'], { connection: 'close' }),
    otlp: listener(otlpLogsRoute, options.trailingSlash === 'accept' ? ['/v1/logs', '/v1/logs/'] : ['/v1/logs'], {}),
    grpc: grpcListener(() => undefined),
    jsonPath: '/',
  };
}

function listener(route: Route, paths: readonly string[], headers: Readonly<Record<string, string>>): Listener {
  return {
    limitBytes: collectorLimitBytes,
    headers,
    judge: (request, visit) => judge({ route, paths }, request, visit),
    tooLarge: (of, request) => of.refuse(request, tooLarge()),
  };
}

function judge(
  { route, paths }: { route: Route; paths: readonly string[] },
  request: SinkRequest,
  visit: VisitUntil,
): Ruling {
  const refusal = refuseEncoding(route, request);
  if (refusal) return refusal;
  // Go's server answers this one itself (net/http, server.go, globalOptionsHandler).
  if (request.method === 'OPTIONS' && request.path === '*')
    return { answer: { statusCode: 200, headers: {}, body: '' } };
  const path = decodedPath(request.path) ?? request.path;
  const redirect = redirectUnclean(path, request.query);
  if (redirect) return { answer: redirect };
  if (!paths.includes(path)) return { answer: notFound() };
  return askRoute(route, request, { limitBytes: collectorLimitBytes, visit });
}
