// The shape of a receiver behind a path, and the order of its checks once the path is right: method, size, encoding, body.

import { decodeBody, openBody, opensEarly, tooLarge } from '../decode/content-encoding.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { checkBody, type BodyFormat, type DecodedBody } from '../decode/index.ts';
import type { AgeWatch } from '../decode/record-view.ts';
import type { Answer } from '../answer.ts';
import type { RequestHead, SinkRequest } from '../request.ts';

/** What an edition says of a request. */
export interface Ruling {
  readonly answer: Answer;
  /** The receiver that answered; absent where no path matched. */
  readonly route?: Route;
  /** The records and the body that they were decoded from: present where the receiver took the request. */
  readonly taken?: { readonly decoded: DecodedBody; readonly body: Uint8Array };
  readonly decodeError?: string;
  /** The real receiver has several outcomes for this request. */
  readonly ambiguous?: boolean;
}

export interface Route {
  /** What is answered without reading the body: a wrong method or type. */
  early(head: RequestHead): Answer | undefined;
  format(head: RequestHead): BodyFormat;
  accept(request: SinkRequest, statusCode: number): Answer;
  /** Says that so many records were rejected, where the protocol has words for it. */
  acceptPartly?(request: SinkRequest, partial: { rejectedCount: number; message: string }): Answer;
  /** Words an error in this receiver's form. */
  refuse(head: RequestHead, error: DecodeError): Answer;
  /** Headers that the handler adds to whatever it answers, if any. */
  echo?(head: RequestHead): Readonly<Record<string, string>> | undefined;
}

/** What a receiver says to a request whose path, key and encoding's name are right, before it reads the body. */
export function askHead(route: Route, head: RequestHead): Ruling | undefined {
  const answer = route.early(head);
  return answer && { route, answer: echoing(route, head, answer) };
}

/** Lets the receiver read the body of a request that `askHead` says nothing to. */
export function askBody(
  route: Route,
  request: SinkRequest,
  how: { limitBytes: number; watch: AgeWatch | undefined },
): Ruling {
  try {
    if (!request.body) throw tooLarge();
    const body = decodeBody(request.body, contentEncoding(request), how.limitBytes);
    if (request.damage !== undefined) throw new DecodeError(request.damage);
    const decoded = checkBody(route.format(request), body, how.watch, (name) => request.headers.get(name));
    const answer = echoing(route, request, route.accept(request, 200));
    return { route, answer, taken: { decoded, body }, ambiguous: decoded.ambiguous };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const answer = echoing(route, request, route.refuse(request, error));
    return { route, answer, decodeError: error.message, ambiguous: error.ambiguous };
  }
}

/** An encoding that cannot be opened is refused before the path is looked at. */
export function refuseEncoding(route: Route, request: SinkRequest): Ruling | undefined {
  try {
    if (request.body) openBody(request.body, contentEncoding(request));
    return undefined;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { route, answer: route.refuse(request, error), decodeError: error.message, ambiguous: error.ambiguous };
  }
}

/** As `refuseEncoding`, without the body: 'body' where opening the decoder reads it. */
export function refuseEncodingName(route: Route, head: RequestHead): Ruling | 'body' | undefined {
  const encoding = contentEncoding(head);
  if (opensEarly(encoding)) return 'body';
  return refuseEncoding(route, { ...head, body: Buffer.alloc(0), sizeBytes: 0 });
}

function echoing(route: Route, head: RequestHead, answer: Answer): Answer {
  const echoed = route.echo?.(head);
  return echoed ? { ...answer, headers: { ...answer.headers, ...echoed } } : answer;
}

function contentEncoding(head: RequestHead): string {
  return head.headers.get('content-encoding') ?? '';
}
