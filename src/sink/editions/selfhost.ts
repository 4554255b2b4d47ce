// The public collector (SigNoz/signoz-otel-collector): the JSON receiver on a port of its own with the path `/`, OTLP/HTTP on
// another, OTLP/gRPC on a third, no keys unless its bearertokenauth extension is configured. Its order: key 401, opening the decoder
// 400, path 404 or 301, method, body. What it does was recorded from the real binary: test/sink/vectors.

import { tooLarge } from '../decode/content-encoding.ts';
import { DecodeError } from '../decode/decode-error.ts';
import type { RequestHead, SinkRequest } from '../request.ts';
import { grpcListener } from '../routes/otlp-grpc.ts';
import { otlpLogsRoute } from '../routes/otlp-logs.ts';
import { askHead, type Route, type Ruling } from '../routes/route.ts';
import { signozJsonRoute } from '../routes/signoz-json.ts';
import { decodedPath, notFound, redirectUnclean } from '../routes/unknown-path.ts';
import { collectorLimitBytes, type Edition, type EditionOptions, type Listener } from './edition.ts';
import { judgeBy } from './gates.ts';
import { goMalformed } from './malformed.ts';
import { checkBearer } from './keys.ts';

export function selfhostEdition(options: EditionOptions): Edition {
  const otlpPaths = options.trailingSlash === 'accept' ? ['/v1/logs', '/v1/logs/'] : ['/v1/logs'];
  const otlp = listener(otlpLogsRoute, otlpPaths, options);
  return {
    // Keep-alive is off since v0.142: the factory builds its ServerConfig by hand (receiver/httplogreceiver/httplogreceiver.go).
    main: {
      ...listener(signozJsonRoute, ['/'], options),
      headers: { connection: 'close' },
      timeLimits: jsonTimeLimits,
    },
    otlp: { ...otlp, judge: (request, watch) => closingUnread(otlp.judge(request, watch), request) },
    grpc: grpcListener((head) => refuseKey(head, options)),
    jsonPath: '/',
  };
}

/**
 * `ReadHeaderTimeout` and `WriteTimeout` of the JSON receiver (receiver/httplogreceiver/httplogreceiver.go). A body may take any time, but
 * Go sets the limit for writing when a head was read: what comes later is kept and not answered.
 */
const jsonTimeLimits = { headMs: 20_000, answerMs: 20_000, idleMs: 20_000 };

/** What the recorded collector did: a connection that says nothing stays open, one that was used is closed after a minute. */
const otlpTimeLimits = { idleMs: 60_000 };

function listener(route: Route, paths: readonly string[], options: EditionOptions): Listener {
  return {
    limitBytes: collectorLimitBytes,
    headers: {},
    timeLimits: otlpTimeLimits,
    malformed: goMalformed,
    tooLarge: (of, request) => of.refuse(request, tooLarge()),
    ...judgeBy({
      route: () => route,
      before(head) {
        if (head.method === 'OPTIONS' && head.path === '*')
          return { answer: { statusCode: 200, headers: {}, body: '' } };
        const refusal = refuseKey(head, options);
        return refusal && { route, answer: route.refuse(head, refusal) };
      },
      behind: (head) => wrongPath(head, paths) ?? askHead(route, head),
    }),
  };
}

/** Go's server answers `OPTIONS *` itself (net/http, server.go, globalOptionsHandler), so that the key is not asked for. */
function refuseKey(head: RequestHead, options: EditionOptions): DecodeError | undefined {
  const refusal = options.auth === 'bearer' ? checkBearer(head.headers, options.keys) : undefined;
  return refusal === undefined ? undefined : new DecodeError(refusal, 401, 16);
}

function wrongPath(head: RequestHead, paths: readonly string[]): Ruling | undefined {
  const path = decodedPath(head.path) ?? head.path;
  const redirect = redirectUnclean(path, head);
  if (redirect) return { answer: redirect };
  return paths.includes(path) ? undefined : { answer: notFound() };
}

/** Go's server reads so much of a body that its handler left, so that the connection can be used again (net/http, maxPostHandlerReadBytes). */
const leftoverLimitBytes = 256 * 1024;

/** Where more was left, the connection is closed and the answer says so. */
function closingUnread(ruling: Ruling, request: SinkRequest): Ruling {
  const wasRead = ruling.taken !== undefined || ruling.decodeError !== undefined;
  const readBytes = wasRead ? (request.body ? request.sizeBytes : collectorLimitBytes + 1) : 0;
  if (request.sizeBytes - readBytes < leftoverLimitBytes) return ruling;
  const { answer } = ruling;
  return { ...ruling, answer: { ...answer, headers: { ...answer.headers, connection: 'close' } } };
}
