// Headers as they may be kept: keys and tokens are masked but for their last four characters.

const secretHeaders = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'signoz-access-token',
  'signoz-ingestion-key',
  'x-amz-firehose-access-key',
  'x-api-key',
]);

/** The headers by name; repeated ones are joined. */
export function maskedHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const value = secretHeaders.has(name) ? mask(rawHeaders[i + 1]!) : rawHeaders[i + 1]!;
    if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true, configurable: true });
    else headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/** A secret of four characters or fewer is masked whole. */
function mask(secret: string): string {
  const shown = secret.length > 4 ? secret.slice(-4) : '';
  return '*'.repeat(secret.length - shown.length) + shown;
}
