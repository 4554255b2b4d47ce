// SigNoz Cloud as its documentation describes it (signoz.io/docs, ingestion/signoz-cloud/troubleshooting and keys): one port,
// keys, an ingress that knows exact paths and 16 MB. The gateway behind it is not public; what the documentation leaves open is
// answered as the public collector answers it, or by a switch.

import { plainError, type Answer } from '../answer.ts';
import { tooLarge } from '../decode/content-encoding.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { firehosePath } from '../decode/firehose.ts';
import type { RequestHead } from '../request.ts';
import { firehoseRoute } from '../routes/firehose.ts';
import { grpcListener } from '../routes/otlp-grpc.ts';
import { otlpLogsRoute } from '../routes/otlp-logs.ts';
import { askHead, type Route, type Ruling } from '../routes/route.ts';
import { signozJsonRoute } from '../routes/signoz-json.ts';
import { allowingOrigin, preflight } from './cors.ts';
import type { Edition, EditionOptions, Listener } from './edition.ts';
import { judgeBy } from './gates.ts';
import { checkKey } from './keys.ts';
import { nginxPage } from './nginx-page.ts';

/** "Maximum payload size 16 MB" (ingestion/signoz-cloud/overview, 413 in troubleshooting), taken at its strictest. */
const ingressLimitBytes = 16_000_000;

/** ingress-nginx's own (docs/user-guide/nginx-configuration/configmap.md: client-header-timeout, client-body-timeout, keep-alive). */
const timeLimits = {
  headMs: 60_000,
  body: { limitMs: 60_000, late: nginxPage(408, 'Request Time-out') },
  idleMs: 75_000,
};

type Routes = Readonly<Record<string, Route>>;

/** The ingress knows these too (SigNoz/charts, charts/signoz-otel-gateway/values.yaml), but no log of ours comes this way. */
const otherPaths = ['/awsfirehose/cwmetrics', '/awsfirehose/otlp_v1', '/logs/heroku', '/v1/metrics', '/v1/traces'];

export function cloudEdition(options: EditionOptions): Edition {
  const main = listener(options);
  return {
    main: {
      ...main,
      judge(request, watch) {
        const ruling = main.judge(request, watch);
        const answer = allowingOrigin(request, ruling.answer);
        return answer === ruling.answer ? ruling : { ...ruling, answer };
      },
    },
    grpc: grpcListener((head) => refuseKey(head, options)),
    jsonPath: '/logs/json',
  };
}

function listener(options: EditionOptions): Listener {
  const routes: Routes = {
    '/logs/json': signozJsonRoute,
    '/v1/logs': otlpLogsRoute,
    // The one-click integration's stream of CloudWatch logs ends here (signoz.io/docs, aws-monitoring/one-click-aws-integrations).
    [firehosePath]: firehoseRoute(options.nowMs),
  };
  const route = (head: RequestHead): Route => routes[knownPath(head, options)]!;
  const isDecodedCounted = options.sizeCounted === 'decoded';
  const gates = judgeBy({
    route,
    before: (head) =>
      wrongPath(head, routes, options) ?? refuseAtIngress(head) ?? refuseByKey(head, route(head), options),
    behind: (head) => askHead(route(head), head),
    ...(isDecodedCounted ? { decodedLimitBytes: ingressLimitBytes } : {}),
  });
  return {
    limitBytes: ingressLimitBytes,
    headers: {},
    timeLimits,
    malformed: () => nginxPage(400, 'Bad Request'),
    tooLarge: payloadTooLarge,
    judgeHead: gates.judgeHead,
    judge(request, watch) {
      const ruling = gates.judge(request, watch);
      // Asked only where there is an error: making one takes longer than a small request.
      const isTooLarge = ruling.decodeError !== undefined && ruling.decodeError === tooLarge().message;
      return isTooLarge && (isDecodedCounted || !request.body) ? { ...ruling, answer: payloadTooLarge() } : ruling;
    },
  };
}

function knownPath({ path }: RequestHead, options: EditionOptions): string {
  return options.trailingSlash === 'accept' ? path.replace(/\/$/, '') : path;
}

function wrongPath(head: RequestHead, routes: Routes, options: EditionOptions): Ruling | undefined {
  const path = knownPath(head, options);
  if (Object.hasOwn(routes, path)) return undefined;
  return { answer: otherPaths.includes(path) ? notOurs(path) : pathNotFound(head.path) };
}

/** What an ingress says before it asks anything behind it: how long the body is, whether or not it came. */
function refuseAtIngress(head: RequestHead): Ruling | undefined {
  const asked = preflight(head);
  if (asked) return { answer: asked };
  const isTooLarge = Number(head.headers.get('content-length') ?? 0) > ingressLimitBytes;
  return isTooLarge ? { answer: payloadTooLarge() } : undefined;
}

function refuseByKey(head: RequestHead, route: Route, options: EditionOptions): Ruling | undefined {
  const refusal = refuseKey(head, options);
  if (refusal) return { route, answer: keyRefused(route, head, refusal) };
  const encoding = head.headers.get('content-encoding');
  if (route !== signozJsonRoute || !encoding || options.jsonCompression === 'accept') return undefined;
  const statusCode = options.jsonCompression === 'refuse-400' ? 400 : 415;
  return { route, answer: plainError(statusCode, `unsupported Content-Encoding: ${encoding}`) };
}

function refuseKey(head: RequestHead, options: EditionOptions): DecodeError | undefined {
  const refusal = checkKey(head.headers, options.keys, options.missingKey);
  const grpcCodes = { 401: 16, 403: 7, 404: 5 };
  return refusal && new DecodeError(refusal.message, refusal.statusCode, grpcCodes[refusal.statusCode]);
}

/** A client of OTLP that sends no known type is told in JSON, as the collector's authenticator does (otlphttp.go, errorHandler). */
function keyRefused(route: Route, head: RequestHead, error: DecodeError): Answer {
  const answer = route.refuse(head, error);
  return answer.statusCode === error.statusCode ? answer : plainError(error.statusCode, error.message);
}

/** "Trailing slashes are being used" stands under 404; the body follows config/configrouter/mux.go of SigNoz's collector. */
function pathNotFound(path: string): Answer {
  const body = JSON.stringify({ code: 5, message: `${path} path not found` });
  return { statusCode: 404, headers: { 'content-type': 'application/json' }, body };
}

/** A 404 would say that the path or the key is wrong, a 200 that something was taken. */
function notOurs(path: string): Answer {
  return plainError(501, `flowrig's SigNoz takes flow logs only, and none on ${path}`);
}

/** The ingress's own page. */
function payloadTooLarge(): Answer {
  return nginxPage(413, 'Request Entity Too Large');
}
