// Paths without a receiver, as Go's muxes answer them: an unclean path is redirected, any other is not found.

import { posix } from 'node:path';

import { plainError, type Answer } from '../answer.ts';
import type { RequestHead } from '../request.ts';

/** The path with its escapes read, or undefined where they cannot be read. */
export function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path.replaceAll(/%2f/gi, '%252F'));
  } catch {
    return undefined;
  }
}

/** `//` and dots are cleaned away by a redirect that keeps the query (gorilla/mux, mux.go, ServeHTTP; net/http, ServeMux). */
export function redirectUnclean(path: string, { origin, query }: RequestHead): Answer | undefined {
  const clean = posix.normalize(path.startsWith('/') ? path : `/${path}`);
  if (clean === path) return undefined;
  return { statusCode: 301, headers: { location: origin + encodeURI(clean).replaceAll('*', '%2A') + query }, body: '' };
}

export function notFound(): Answer {
  return plainError(404, '404 page not found');
}
