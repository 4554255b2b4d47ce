// A standard queue as Amazon SQS has it, on the rig's clock: visibility timeouts, receive counts, a dead-letter queue (SQS guide,
// "Amazon SQS visibility timeout", "Using dead-letter queues"). Unlike SQS it hands messages out in order: disorder is a fault's.

import { createHash } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import { Fifo } from '../fifo.ts';
import { DueHeap } from './due-heap.ts';
import type { MessageAttributes } from './message-attributes.ts';

export interface QueueOptions<Tag> {
  readonly name: string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly visibilityMs: number;
  /** A message that was received so often goes to the dead-letter queue instead of being received again. */
  readonly redrive?: { readonly maxReceives: number; readonly queue: Queue<Tag> };
  readonly on?: QueueListener<Tag>;
}

/** What the owner of a queue is told of its messages. */
export interface QueueListener<Tag> {
  received?(message: Message<Tag>): void;
  deleted?(message: Message<Tag>): void;
  deadLettered?(message: Message<Tag>): void;
}

export interface Message<Tag> {
  readonly messageId: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: MessageAttributes;
  readonly sentMs: number;
  firstReceivedMs: number;
  receiveCount: number;
  /** What the sender knows of it; undefined where a client sent it. */
  readonly tag: Tag | undefined;
}

export interface Received<Tag> {
  readonly message: Message<Tag>;
  readonly receiptHandle: string;
  /** Of this receipt: the message's own rises when it is received again. */
  readonly receiveCount: number;
}

type State = 'visible' | 'hidden' | 'delayed' | 'gone';

interface Entry<Tag> {
  readonly message: Message<Tag>;
  state: State;
  /** Rises whenever the entry gets another due time: older ones in the heap are void. */
  epoch: number;
}

interface HeapItem<Tag> {
  readonly dueMs: number;
  readonly entry: Entry<Tag>;
  readonly epoch: number;
}

export class Queue<Tag> {
  readonly options: QueueOptions<Tag>;
  readonly createdMs: number;
  #visible = new Fifo<Entry<Tag>>();
  #hidden = new DueHeap<HeapItem<Tag>>();
  readonly #entries = new Map<string, Entry<Tag>>();
  readonly #counts: Record<State, number> = { visible: 0, hidden: 0, delayed: 0, gone: 0 };
  readonly #waiters = new Set<() => void>();
  #movement = 0;

  constructor(options: QueueOptions<Tag>) {
    this.options = options;
    this.createdMs = options.clock.nowMs();
  }

  /** `visible` can be received now, `hidden` were received and are not deleted, `delayed` become visible for the first time later. */
  get counts(): Readonly<Omit<Record<State, number>, 'gone'>> {
    this.#reveal();
    return this.#counts;
  }

  /** Rises with every message that is received or deleted. */
  get movement(): number {
    return this.#movement;
  }

  /** Bodies of all messages in it, hidden ones included. */
  get bodies(): string[] {
    return [...this.#entries.values()].map(({ message }) => message.body);
  }

  send(
    body: string,
    { delayMs = 0, attributes = {}, tag }: { delayMs?: number; attributes?: MessageAttributes; tag?: Tag } = {},
  ): Message<Tag> {
    const { clock, newId } = this.options;
    return this.#add(
      {
        messageId: newId(),
        body,
        md5OfBody: createHash('md5').update(body).digest('hex'),
        attributes,
        sentMs: clock.nowMs(),
        firstReceivedMs: NaN,
        receiveCount: 0,
        tag,
      },
      delayMs,
    );
  }

  /** Up to `count` messages that are visible now; they are hidden for `visibilityMs`. */
  receive(count: number, visibilityMs = this.options.visibilityMs): Received<Tag>[] {
    this.#reveal();
    const { redrive, on, clock } = this.options;
    const received: Received<Tag>[] = [];
    while (received.length < count) {
      const entry = this.#visible.shift();
      if (!entry) break;
      if (entry.state !== 'visible') continue;
      const { message } = entry;
      if (redrive && message.receiveCount >= redrive.maxReceives) {
        this.#remove(entry);
        redrive.queue.#add({ ...message }, 0);
        on?.deadLettered?.(message);
        continue;
      }
      message.receiveCount++;
      if (message.receiveCount === 1) message.firstReceivedMs = clock.nowMs();
      this.#hide(entry, 'hidden', visibilityMs);
      this.#movement++;
      received.push({ message, receiptHandle: handleOf(message), receiveCount: message.receiveCount });
      on?.received?.(message);
    }
    return received;
  }

  /** Resolves when a message is visible, or after `waitMs` of the rig's clock, or at the signal. Never rejects. */
  async untilVisible(waitMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const untilMs = clock.nowMs() + waitMs;
    while (!signal.aborted) {
      this.#reveal();
      const nowMs = clock.nowMs();
      if (this.#counts.visible > 0 || nowMs >= untilMs) return;
      const dueMs = Math.min(untilMs, this.#nextDueMs() ?? Infinity);
      await this.#untilWoken(dueMs - nowMs, signal);
    }
  }

  /**
   * Deletes what was received under this handle. An old handle of a message that was received again deletes nothing, and is no
   * error (SQS API reference, DeleteMessage).
   */
  delete(receiptHandle: string): boolean {
    const entry = this.#find(receiptHandle);
    if (!entry) return false;
    this.#remove(entry);
    this.#movement++;
    // Whoever waits for it to show again waits in vain: the clock must not jump there.
    this.#wake();
    this.options.on?.deleted?.(entry.message);
    return true;
  }

  /** Hides a message that is in flight for so long from now. False where it is not in flight under this handle. */
  changeVisibility(receiptHandle: string, visibilityMs: number): boolean {
    this.#reveal();
    const entry = this.#find(receiptHandle);
    if (entry?.state !== 'hidden') return false;
    this.#hide(entry, 'hidden', visibilityMs);
    this.#reveal();
    this.#wake();
    return true;
  }

  purge(): void {
    for (const entry of this.#entries.values()) this.#remove(entry);
  }

  #add(message: Message<Tag>, delayMs: number): Message<Tag> {
    const entry: Entry<Tag> = { message, state: 'gone', epoch: 0 };
    this.#entries.set(message.messageId, entry);
    this.#counts.gone++;
    if (delayMs > 0) this.#hide(entry, 'delayed', delayMs);
    else this.#show(entry);
    this.#wake();
    return message;
  }

  #find(receiptHandle: string): Entry<Tag> | undefined {
    const [messageId, count] = parseHandle(receiptHandle) ?? [];
    const entry = messageId === undefined ? undefined : this.#entries.get(messageId);
    return entry?.message.receiveCount === count ? entry : undefined;
  }

  #show(entry: Entry<Tag>): void {
    this.#turn(entry, 'visible');
    this.#visible.push(entry);
  }

  #hide(entry: Entry<Tag>, state: 'hidden' | 'delayed', forMs: number): void {
    this.#turn(entry, state);
    entry.epoch++;
    this.#hidden.push({ dueMs: this.options.clock.nowMs() + forMs, entry, epoch: entry.epoch });
  }

  #remove(entry: Entry<Tag>): void {
    this.#turn(entry, 'gone');
    this.#entries.delete(entry.message.messageId);
    this.#counts.gone--;
  }

  #turn(entry: Entry<Tag>, state: State): void {
    this.#counts[entry.state]--;
    this.#counts[state]++;
    entry.state = state;
  }

  /** Shows what has become due. */
  #reveal(): void {
    const nowMs = this.options.clock.nowMs();
    for (let first = this.#hidden.peek(); first && first.dueMs <= nowMs; first = this.#hidden.peek()) {
      this.#hidden.pop();
      if (isCurrent(first)) this.#show(first.entry);
    }
  }

  #nextDueMs(): number | undefined {
    for (let first = this.#hidden.peek(); first; first = this.#hidden.peek()) {
      if (isCurrent(first)) return first.dueMs;
      this.#hidden.pop();
    }
    return undefined;
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }

  async #untilWoken(waitMs: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const wake = (): void => waiting.abort();
    this.#waiters.add(wake);
    const stop = AbortSignal.any([signal, waiting.signal]);
    await (waitMs === Infinity ? untilAborted(stop) : this.options.clock.sleep(waitMs, stop).catch(() => undefined));
    this.#waiters.delete(wake);
  }
}

function isCurrent<Tag>({ entry, epoch }: HeapItem<Tag>): boolean {
  return entry.epoch === epoch && (entry.state === 'hidden' || entry.state === 'delayed');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A handle is that of one receipt: opaque to clients, of letters that a form leaves alone. */
function handleOf<Tag>({ messageId, receiveCount }: Message<Tag>): string {
  return Buffer.from(`${messageId} ${receiveCount}`).toString('base64url');
}

/** Undefined where it is no handle of any queue of ours. */
export function parseHandle(receiptHandle: string): [messageId: string, receiveCount: number] | undefined {
  const match = /^([\da-f-]{36}) (\d+)$/.exec(Buffer.from(receiptHandle, 'base64url').toString());
  return match ? [match[1]!, Number(match[2])] : undefined;
}
