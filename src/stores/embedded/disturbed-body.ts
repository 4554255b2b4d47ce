// Sends the body of an answer as a fault wants it: slowly, in pieces, silent in its middle, or broken off. Slower than the usual way,
// which never looks at a byte.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

import type { Clock } from '../../core/clock.ts';
import type { StoreFaultDecision } from '../faults/desk.ts';
import type { BodySlice } from './action.ts';
import type { OpenRequest } from './open-requests.ts';

export interface Disturbance extends Pick<StoreFaultDecision, 'break' | 'bytesPerS' | 'pieceBytes'> {
  readonly clock: Clock;
}

/** Pieces a second of a body that is sent slowly, where a piece is a byte or more. */
const ticksPerS = 20;

/** Resolves when all was sent that the fault lets through, or the client is gone. */
export async function sendDisturbed(
  response: ServerResponse,
  slice: BodySlice,
  { open, disturbance }: { readonly open: OpenRequest; readonly disturbance: Disturbance },
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const sizeBytes = slice.end - slice.start;
  const broken = disturbance.break;
  // A body that ends before the place where it would break is spared.
  const breakAt = broken ? (broken.atBytes ?? Math.floor(sizeBytes / 2)) : Infinity;
  const cutter = newCutter(disturbance);
  let sentBytes = 0;
  let isBroken = breakAt >= sizeBytes;
  try {
    for await (const group of slice.body.read(slice.start, slice.end)) {
      for (let rest of group) {
        while (rest.length > 0) {
          if (sentBytes === breakAt && !isBroken) {
            isBroken = true;
            broken!.struck();
            open.turn('client');
            if (!(await breakOff(response, { ...disturbance, signal: gone.signal }))) return;
          }
          const untilBreak = isBroken ? Infinity : breakAt - sentBytes;
          const piece = rest.subarray(0, Math.min(cutter.next(), untilBreak));
          rest = rest.subarray(piece.length);
          sentBytes += piece.length;
          cutter.sent(piece.length);
          open.turn('client');
          if (!(await written(response, piece))) return;
          if (cutter.waitMs > 0) await disturbance.clock.sleep(cutter.waitMs, gone.signal);
        }
      }
    }
    response.end();
  } catch {
    // The client is gone, or the body could not be read: nothing more can be said.
    response.destroy();
  }
}

/** False where nothing can follow. */
async function breakOff(
  response: ServerResponse,
  { break: broken, clock, signal }: Disturbance & { readonly signal: AbortSignal },
): Promise<boolean> {
  if (broken!.how === 'hang') {
    response.flushHeaders();
    if (broken!.durationMs !== undefined) await clock.sleep(broken!.durationMs, signal);
    else if (!signal.aborted) await once(response, 'close');
    return !signal.aborted;
  }
  // The head alone is still to be said where it breaks before the first byte.
  response.flushHeaders();
  if (broken!.how === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
  return false;
}

/** How many bytes the next piece may have, and how long to wait behind it. */
function newCutter({ bytesPerS, pieceBytes }: Disturbance): {
  next(): number;
  sent(sizeBytes: number): void;
  readonly waitMs: number;
} {
  const pieceOfRate = bytesPerS === undefined ? Infinity : Math.max(1, Math.floor(bytesPerS / ticksPerS));
  const waitMs = bytesPerS === undefined ? 0 : (pieceOfRate / bytesPerS) * 1000;
  let at = 0;
  let left = pieceBytes?.[0] ?? Infinity;
  return {
    waitMs,
    next: () => Math.min(left, pieceOfRate),
    sent(sizeBytes) {
      left -= sizeBytes;
      if (left > 0 || !pieceBytes) return;
      at = (at + 1) % pieceBytes.length;
      left = pieceBytes[at]!;
    },
  };
}

/** Resolves when the socket took the piece; false where the client is gone. */
function written(response: ServerResponse, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const onClose = (): void => resolve(false);
    response.once('close', onClose);
    response.write(piece, (error) => {
      response.off('close', onClose);
      resolve(!error);
    });
  });
}
