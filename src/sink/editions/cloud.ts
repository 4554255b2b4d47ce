// SigNoz Cloud as its documentation describes it (signoz.io/docs, ingestion/signoz-cloud/troubleshooting and keys): one port,
// keys, an ingress that knows exact paths and 16 MB. The gateway behind it is not public; what the documentation leaves open is
// answered as the public collector answers it.

import { plainError, type Answer } from '../answer.ts';
import { DecodeError } from '../decode/decode-error.ts';
import type { VisitUntil } from '../decode/record-view.ts';
import { grpcListener } from '../routes/otlp-grpc.ts';
import { otlpLogsRoute } from '../routes/otlp-logs.ts';
import { askRoute, refuseEncoding, type Route, type Ruling } from '../routes/route.ts';
import { signozJsonRoute } from '../routes/signoz-json.ts';
import type { SinkRequest } from '../request.ts';
import { collectorLimitBytes, type Edition, type EditionOptions } from './edition.ts';
import { checkKey } from './keys.ts';

/** "Maximum payload size 16 MB" (ingestion/signoz-cloud/overview, 413 in troubleshooting), taken at its strictest. */
const ingressLimitBytes = 16_000_000;

const routes: Readonly<Record<string, Route>> = { '/logs/json': signozJsonRoute, '/v1/logs': otlpLogsRoute };

export function cloudEdition(options: EditionOptions): Edition {
  return {
    main: {
      limitBytes: ingressLimitBytes,
      headers: {},
      judge: (request, visit) => judge(request, options, visit),
      tooLarge: payloadTooLarge,
    },
    grpc: grpcListener((request) => refuseKey(request, options)),
    jsonPath: '/logs/json',
  };
}

function judge(request: SinkRequest, options: EditionOptions, visit: VisitUntil): Ruling {
  const path = options.trailingSlash === 'accept' ? request.path.replace(/\/$/, '') : request.path;
  const route = Object.hasOwn(routes, path) ? routes[path]! : undefined;
  if (!route) return { answer: pathNotFound(request.path) };
  if (!request.body) return { answer: payloadTooLarge() };
  const refusal = refuseKey(request, options);
  if (refusal) return { route, answer: keyRefused(route, request, refusal) };
  return refuseEncoding(route, request) ?? askRoute(route, request, { limitBytes: collectorLimitBytes, visit });
}

function refuseKey(request: SinkRequest, options: EditionOptions): DecodeError | undefined {
  const refusal = checkKey(request.headers, options.key);
  return refusal && new DecodeError(refusal.message, refusal.statusCode, refusal.statusCode === 401 ? 16 : 5);
}

/** A client of OTLP that sends no known type is told in JSON, as the collector's authenticator does (otlphttp.go, errorHandler). */
function keyRefused(route: Route, request: SinkRequest, error: DecodeError): Answer {
  const answer = route.refuse(request, error);
  return answer.statusCode === error.statusCode ? answer : plainError(error.statusCode, error.message);
}

/** "Trailing slashes are being used" stands under 404; the body follows config/configrouter/mux.go of SigNoz's collector. */
function pathNotFound(path: string): Answer {
  const body = JSON.stringify({ code: 5, message: `${path} path not found` });
  return { statusCode: 404, headers: { 'content-type': 'application/json' }, body };
}

/** The ingress's own page: the documented statuses (408, 413, 499, 503, 504) are nginx's. */
function payloadTooLarge(): Answer {
  const title = '413 Request Entity Too Large';
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { statusCode: 413, headers: { 'content-type': 'text/html' }, body };
}
