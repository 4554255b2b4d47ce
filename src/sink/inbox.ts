// Bodies that the sink has kept and whose records are still to be handed on. Answers do not wait for it; reading does, so that a
// sender faster than the ledger feels back-pressure and memory stays bounded.

import { nextTurn } from '../core/turn.ts';
import type { ShowRecords } from '../core/model/delivery.ts';
import type { DecodedBody } from './decode/index.ts';

/** Decoded bytes that may wait; one body more is admitted than fits. */
const boundBytes = 8 * 1024 * 1024;

/** Sees the records of a delivery, by its sequence number; they can be shown during the call only. */
export type OnRecords = (sequence: number, show: ShowRecords) => void;

interface Waiting {
  readonly sequence: number;
  readonly decoded: DecodedBody;
  readonly keptCount: number;
  readonly done: () => void;
}

export class Inbox {
  private readonly onRecords: OnRecords | undefined;
  private readonly waiting: Waiting[] = [];
  private readonly readers: (() => void)[] = [];
  private readonly idlers: (() => void)[] = [];
  private readonly onFailure: (error: unknown) => void;
  private waitingBytes = 0;

  /** `onFailure` is told what `onRecords` threw: the rest of that body is not handed on. */
  constructor(onRecords: OnRecords | undefined, onFailure: (error: unknown) => void) {
    this.onRecords = onRecords;
    this.onFailure = onFailure;
  }

  /** Hands the first `keptCount` records on, if anybody wants them, as soon as the event loop is free; resolves when that is done. */
  keep(sequence: number, decoded: DecodedBody, keptCount: number): Promise<void> {
    if (!this.onRecords) return Promise.resolve();
    return new Promise((done) => {
      this.waitingBytes += decoded.sizeBytes;
      if (this.waiting.push({ sequence, decoded, keptCount, done }) === 1) nextTurn(() => this.next());
    });
  }

  /** Resolves when another body may be read; undefined where one may be now. */
  room(): Promise<void> | undefined {
    if (this.waitingBytes <= boundBytes) return undefined;
    return new Promise((resolve) => this.readers.push(resolve));
  }

  /** Resolves when nothing waits. */
  idle(): Promise<void> {
    if (this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  private next(): void {
    const { decoded, done } = this.waiting[0]!;
    this.handOn(this.waiting[0]!);
    this.waiting.shift();
    this.waitingBytes -= decoded.sizeBytes;
    done();
    if (this.waitingBytes <= boundBytes) for (const wake of this.readers.splice(0)) wake();
    if (this.waiting.length > 0) nextTurn(() => this.next());
    else for (const wake of this.idlers.splice(0)) wake();
  }

  private handOn({ sequence, decoded, keptCount }: Waiting): void {
    try {
      this.onRecords!(sequence, (visit) =>
        decoded.visit((view, index) => {
          if (index >= keptCount) return true;
          visit(view, index);
          return false;
        }),
      );
    } catch (error) {
      this.onFailure(error);
    }
  }
}
