// What the proxy says where it opens no tunnel: a status, a sentence, and header lines.

import { STATUS_CODES } from 'node:http';

import type { Destination } from './route.ts';

export interface ProxyAnswer {
  readonly statusCode: number;
  readonly sentence: string;
  readonly headers: Readonly<Record<string, string>>;
}

function plain(statusCode: number, sentence: string, headers: Readonly<Record<string, string>> = {}): ProxyAnswer {
  return {
    statusCode,
    sentence: `${sentence}\n`,
    headers: { 'content-type': 'text/plain; charset=utf-8', connection: 'close', ...headers },
  };
}

export const noAuthority = plain(400, 'CONNECT needs a host and a port, such as ingest.us.signoz.cloud:443.');

export const noPlainRequest = plain(
  400,
  'This is a proxy for HTTPS: it takes CONNECT. Plain requests to 127.0.0.1 need no proxy; do not set HTTP_PROXY.',
);

export function refused({ host, port }: Destination): ProxyAnswer {
  return plain(
    403,
    `flowrig lets nothing out: ${host}:${port} is neither SigNoz nor AWS over HTTPS, so it is not reached, and the report names it.`,
  );
}

export function notReached({ host, port }: Destination, reason: string): ProxyAnswer {
  return plain(502, `Cannot connect to ${host}:${port}: ${reason}.`);
}

/** A resolver's errors, and the DNS response codes behind them. */
const responseCodes = { ENOTFOUND: 'NXDOMAIN', EAI_AGAIN: 'SERVFAIL' } as const;

/** RFC 9209, section 2.3.2, "DNS Error": 502, and the response code in Proxy-Status. */
export function unresolved(host: string, error: keyof typeof responseCodes): ProxyAnswer {
  const proxyStatus = `flowrig; error=dns_error; rcode="${responseCodes[error]}"`;
  return plain(502, `getaddrinfo ${error} ${host}`, { 'proxy-status': proxyStatus });
}

/** The answer as bytes of HTTP/1.1, for a connection that no server of Node's answers any more. */
export function answerText({ statusCode, sentence, headers }: ProxyAnswer): string {
  const fields = { ...headers, 'content-length': String(Buffer.byteLength(sentence)) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}\r\n${lines.join('')}\r\n${sentence}`;
}
