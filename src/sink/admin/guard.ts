// Who may use the admin API: programs of this machine. A web page that made its own name point here (DNS rebinding), or that sends
// requests across origins, is refused.

import { isIPv4 } from 'node:net';

/** Says what is wrong with the headers of a request; `own` is the server's `host:port`. */
export function refusalOf(
  headers: { host?: string | undefined; origin?: string | undefined },
  own: string,
): string | undefined {
  const { host, origin } = headers;
  if (host !== own && !isLoopback(`http://${host ?? ''}`)) {
    return `The host "${host ?? ''}" is not this machine's: call http://${own}.`;
  }
  if (origin !== undefined && origin !== `http://${own}` && !isLoopback(origin)) {
    return `A page of the origin "${origin}" may not call this.`;
  }
  return undefined;
}

/** Whether the host of a URL is a name or an address that never leaves the machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3). */
function isLoopback(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname } = new URL(text);
  if (hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}
