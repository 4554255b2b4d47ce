// Where a proxy's client wants to go, and who answers there.

import { isAwsHost, isLoopback, isSignozHost } from '../tls/hosts.ts';

export interface Destination {
  /** Lower case, without the dot of the root, without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
}

/** `refused` is everything that the rig does not stand for. */
export type Route = 'signoz' | 'store' | 'loopback' | 'refused';

const httpPort = 80;
const httpsPort = 443;

/** No name in the DNS is longer (RFC 1035, section 2.3.4). */
const hostLengthMax = 253;

/** `host:port`, the target of a CONNECT (RFC 9112, section 3.2.3); undefined where it is none. */
export function parseAuthority(text: string): Destination | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:/?#@\s[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const host = (bracketed ?? plain ?? '').toLowerCase().replace(/\.$/, '');
  return host === '' || host.length > hostLengthMax || !(port >= 1 && port <= 65_535) ? undefined : { host, port };
}

/** The SigNoz and AWS hosts are stood for where they are HTTPS: nothing else is known of their other ports. */
export function routeOf({ host, port }: Destination): Route {
  if (isLoopback(host)) return 'loopback';
  if (port !== httpsPort) return 'refused';
  if (isSignozHost(host)) return 'signoz';
  return isAwsHost(host) ? 'store' : 'refused';
}

/** The host of a plain request in absolute form; undefined where the request names none. */
export function parseTarget(text: string): Destination | undefined {
  const url = URL.parse(text);
  if (!url || url.hostname === '') return undefined;
  const { hostname, port, protocol } = url;
  return parseAuthority(`${hostname}:${port || (protocol === 'https:' ? httpsPort : httpPort)}`);
}
