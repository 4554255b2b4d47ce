// The shape of a receiver behind a path, and the order of its checks once the path is right: method, size, encoding, body.

import { decodeBody, openBody, tooLarge } from '../decode/content-encoding.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { checkBody, type BodyFormat, type DecodedBody } from '../decode/index.ts';
import type { VisitUntil } from '../decode/record-view.ts';
import type { Answer } from '../answer.ts';
import type { SinkRequest } from '../request.ts';

/** What an edition says of a request. */
export interface Ruling {
  readonly answer: Answer;
  /** The receiver that answered; absent where no path matched. */
  readonly route?: Route;
  /** The records and the body that they were decoded from: present where the receiver took the request. */
  readonly taken?: { readonly decoded: DecodedBody; readonly body: Uint8Array };
  readonly decodeError?: string;
}

export interface Route {
  /** What is answered without reading the body: a wrong method or type. */
  early(request: SinkRequest): Answer | undefined;
  format(request: SinkRequest): BodyFormat;
  accept(request: SinkRequest, statusCode: number): Answer;
  /** Says that so many records were rejected, where the protocol has words for it. */
  acceptPartly?(request: SinkRequest, partial: { rejectedCount: number; message: string }): Answer;
  /** Words an error in this receiver's form. */
  refuse(request: SinkRequest, error: DecodeError): Answer;
  /** Headers that the handler adds to whatever it answers. */
  echo(request: SinkRequest): Readonly<Record<string, string>>;
}

/** Lets the receiver judge a request whose path, key and encoding's name are right. */
export function askRoute(route: Route, request: SinkRequest, how: { limitBytes: number; visit: VisitUntil }): Ruling {
  const ruling = judge(route, request, how);
  return {
    ...ruling,
    route,
    answer: { ...ruling.answer, headers: { ...ruling.answer.headers, ...route.echo(request) } },
  };
}

function judge(
  route: Route,
  request: SinkRequest,
  { limitBytes, visit }: { limitBytes: number; visit: VisitUntil },
): Ruling {
  const early = route.early(request);
  if (early) return { answer: early };
  try {
    if (!request.body) throw tooLarge();
    const body = decodeBody(request.body, contentEncoding(request), limitBytes);
    return {
      answer: route.accept(request, 200),
      taken: { decoded: checkBody(route.format(request), body, visit), body },
    };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { answer: route.refuse(request, error), decodeError: error.message };
  }
}

/** An encoding that cannot be opened is refused before the path is looked at. */
export function refuseEncoding(route: Route, request: SinkRequest): Ruling | undefined {
  try {
    if (request.body) openBody(request.body, contentEncoding(request));
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { route, answer: route.refuse(request, error), decodeError: error.message };
  }
}

function contentEncoding(request: SinkRequest): string {
  return request.headers.get('content-encoding') ?? '';
}
