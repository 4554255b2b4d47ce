// One plain HTTP request, for what the SDK would never send.

import { request, type ClientRequest, type IncomingHttpHeaders } from 'node:http';

import type { Store } from '../../src/core/model/trigger.ts';

export interface RawRequest {
  readonly method?: string;
  /** As it goes over the wire. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | number | string[]>>;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Starts a request whose body the caller writes and ends, or breaks off. */
export function startRequest(store: Store, { method = 'GET', target, headers = {} }: RawRequest): ClientRequest {
  const { port } = new URL(store.address.endpoint);
  return request({ host: '127.0.0.1', port, method, path: target, headers, agent: false });
}

export function send(store: Store, raw: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sending = startRequest(store, raw);
    sending.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', reject)
        .on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
    });
    sending.end(raw.body);
  });
}

/** Code of an error document. */
export function codeOf({ status, body }: RawAnswer): string {
  return `${status} ${/<Code>(.*?)<\/Code>/.exec(body)?.[1] ?? 'no code'}`;
}
