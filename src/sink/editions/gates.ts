// The order in which a port's checks come: some before the content encoding is opened, some behind it, the body last. Whoever asks
// before the body came is told what the checks before it say.

import type { AgeWatch } from '../decode/record-view.ts';
import type { RequestHead, SinkRequest } from '../request.ts';
import { askBody, refuseEncoding, refuseEncodingName, type Route, type Ruling } from '../routes/route.ts';
import { collectorLimitBytes, type Listener } from './edition.ts';

/** Undefined lets a request through. */
type Check = (head: RequestHead) => Ruling | undefined;

interface Gates {
  /** The receiver that words errors, and takes what passes. */
  readonly route: (head: RequestHead) => Route;
  readonly before: Check;
  readonly behind: Check;
  /** Of the decoded body; the collector's own by default. */
  readonly decodedLimitBytes?: number;
}

export function judgeBy(gates: Gates): Pick<Listener, 'judgeHead' | 'judge'> {
  const { before, behind, decodedLimitBytes: limitBytes = collectorLimitBytes } = gates;
  return {
    judgeHead(head) {
      const first = before(head);
      if (first) return first;
      const refusal = refuseEncodingName(gates.route(head), head);
      return refusal === 'body' ? undefined : (refusal ?? behind(head));
    },
    judge(request: SinkRequest, watch?: AgeWatch) {
      const first = before(request);
      if (first) return first;
      const route = gates.route(request);
      return refuseEncoding(route, request) ?? behind(request) ?? askBody(route, request, { limitBytes, watch });
    },
  };
}
