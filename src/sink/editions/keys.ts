// Ingestion keys of SigNoz Cloud: where a client may put one, and what a wrong one is told (signoz.io/docs,
// ingestion/signoz-cloud/overview "Authentication Methods" and troubleshooting: 401 missing, invalid or expired, 404 unknown).

/** In the order in which they are looked at; all but the first are deprecated or come from other senders. */
const keyHeaders = ['signoz-ingestion-key', 'signoz-access-token', 'authorization', 'x-amz-firehose-access-key'];

/** Keys are made of these; a set key is accepted whatever its form. */
const wellFormed = /^[A-Za-z0-9._~+/=-]{8,}$/;

/** Undefined where the key is right. `expected` is the only key that exists; without it every well-formed one does. */
export function checkKey(
  headers: ReadonlyMap<string, string>,
  expected: string | undefined,
): { statusCode: number; message: string } | undefined {
  const name = keyHeaders.find((header) => (headers.get(header) ?? '') !== '');
  if (!name) return { statusCode: 401, message: 'missing ingestion key' };
  const given = keysIn(headers.get(name)!);
  if (expected !== undefined && given.includes(expected)) return undefined;
  if (!given.some((key) => wellFormed.test(key))) return { statusCode: 401, message: 'malformed ingestion key' };
  return expected === undefined ? undefined : { statusCode: 404, message: 'ingestion key not found' };
}

/** The key itself, after `Bearer`, or as user or password of basic authentication. */
function keysIn(header: string): readonly string[] {
  const [, scheme, value] = /^(Bearer|Basic)\s+(.*)$/i.exec(header) ?? [];
  if (scheme === undefined) return [header];
  if (scheme.toLowerCase() === 'bearer') return [value!];
  return Buffer.from(value!, 'base64').toString('utf8').split(':', 2);
}
