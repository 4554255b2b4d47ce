// Ingestion keys: where a client may put one, and what a wrong one is told. In the cloud as documented (signoz.io/docs,
// ingestion/signoz-cloud/overview "Authentication Methods", and troubleshooting: 401 invalid, malformed or expired, 404 unknown); hosted by
// oneself as the collector's bearertokenauth extension does (open-telemetry/opentelemetry-collector-contrib).

/**
 * In the order in which they are looked at, with the forms that each may have; all but the first are deprecated or come from other senders
 * (SigNoz/charts, charts/signoz/values.yaml, the gateway's list of headers).
 */
const keyHeaders: Readonly<Record<string, readonly ('bare' | 'bearer' | 'basic')[]>> = {
  'signoz-ingestion-key': ['bare'],
  'signoz-access-token': ['bare', 'bearer', 'basic'],
  authorization: ['bearer', 'basic'],
  'x-amz-firehose-access-key': ['bare'],
};

const keyHeaderNames = Object.keys(keyHeaders);

/** Keys are made of these; a set key is accepted whatever its form. */
const wellFormed = /^[A-Za-z0-9._~+/=-]{8,}$/;

interface KeyRefusal {
  readonly statusCode: 401 | 403 | 404;
  readonly message: string;
}

/** The only keys that exist; where there is none, every well-formed one does; with `any` whatever is sent, a placeholder too. */
export type ExpectedKeys = readonly string[] | 'any';

/** Undefined where the key is right. */
export function checkKey(
  headers: ReadonlyMap<string, string>,
  expected: ExpectedKeys,
  missingStatus: KeyRefusal['statusCode'],
): KeyRefusal | undefined {
  const name = keyHeaderNames.find((header) => (headers.get(header) ?? '') !== '');
  if (!name) return { statusCode: missingStatus, message: 'missing ingestion key' };
  if (expected === 'any') return undefined;
  const given = keysIn(name, headers.get(name)!);
  if (given.some((key) => expected.includes(key))) return undefined;
  if (!given.some((key) => wellFormed.test(key))) return { statusCode: 401, message: 'malformed ingestion key' };
  return expected.length === 0 ? undefined : { statusCode: 404, message: 'ingestion key not found' };
}

/** The key itself, after `Bearer`, or as user or password of basic authentication; none where the header may not have that form. */
function keysIn(name: string, value: string): readonly string[] {
  const [, scheme = '', rest = ''] = /^(Bearer|Basic)\s+(.*)$/i.exec(value) ?? [];
  const form = scheme === '' ? 'bare' : (scheme.toLowerCase() as 'bearer' | 'basic');
  if (!keyHeaders[name]!.includes(form)) return [];
  if (form === 'bare') return [value];
  return form === 'bearer' ? [rest] : Buffer.from(rest, 'base64').toString('utf8').split(':', 2);
}

/** What the extension says to a wrong or missing token, undefined where it is right. Where none is expected any token is. */
export function checkBearer(headers: ReadonlyMap<string, string>, expected: ExpectedKeys): string | undefined {
  const given = headers.get('signoz-ingestion-key');
  if (given === undefined) return 'missing or empty authorization header: Signoz-Ingestion-Key';
  if (expected === 'any' || expected.length === 0 ? given !== '' : expected.includes(given)) return undefined;
  return `scheme or token does not match: ${given}`;
}
