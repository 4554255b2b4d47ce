// The memory that WebAssembly reads bytes of bodies in, by many at a time: where they lie, if they were received into it, or in a page that
// they are put into. One serves all readers of a thread, for each would reserve much of the address space: whoever has put bytes into the
// page finds them as long as nobody else did.

import { instanceOf } from '../core/wasm.ts';
import { wasmBase64 } from './byte-page-wasm.ts';

/** Where things stand in the memory: what `byte-page.wat` says. */
const lanesAt = 192;
const stepsAt = 320;
const literalsAt = 8192;
const bytesAt = 16_384;
const bytesSize = 64 * 1024;
const bodiesAt = 131_072;
const bodiesSize = 32 * 1024 * 1024;
const stepWords = 4;

/** Steps over records between two addresses; answers where it stopped. */
type StepOver = (start: number, end: number, oldestNs: bigint) => number;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Records that were stepped over last. */
  readonly count: { readonly value: number };
  readonly json: StepOver;
  readonly protobuf: StepOver;
  readonly sum: (start: number, end: number) => void;
}

const { memory, count, json, protobuf, sum } = instanceOf(wasmBase64) as Exports;
const page = new Uint8Array(memory.buffer);
const steps = new Int32Array(memory.buffer, stepsAt, (literalsAt - stepsAt) / 4);
let owner: object | undefined;

/** Room for whole bodies. */
export const bodyMemory = Buffer.from(memory.buffer, bodiesAt, bodiesSize);

/** Where a body begins that lies in `bodyMemory`. */
export function addressOf(body: Uint8Array): number | undefined {
  return body.buffer === memory.buffer ? body.byteOffset : undefined;
}

/** The lanes of a checksum. */
export const lanes = new Uint32Array(memory.buffer, lanesAt, 32);

/** Most bytes that are put there at once. */
export const pageBytes = bytesSize;

/** Where the page begins. */
export const pageAddress = bytesAt;

/** Puts bytes of a body into the page, as many as fit from `from` on; answers how many. `by` tells whose they are. */
export function put(by: object, body: Uint8Array, from: number): number {
  owner = by;
  const end = Math.min(body.length, from + bytesSize);
  page.set(body.subarray(from, end), bytesAt);
  return end - from;
}

/** Whether what was put there last is of `by`. */
export function isThere(by: object): boolean {
  return owner === by;
}

/** Takes bytes into the lanes; those behind them, up to a multiple of 128, become zeros. */
export function sumUp(address: number, sizeBytes: number): void {
  const end = Math.ceil(sizeBytes / 128) * 128;
  page.fill(0, address + sizeBytes, address + end);
  sum(address, address + end);
}

/** Records that `stepOver` passed last. */
export function passedCount(): number {
  return count.value;
}

/** Steps over usual records that stand whole between two addresses, from the first on; answers the address of what is none. */
export function stepOver(
  format: 'json' | 'protobuf',
  { start, end, oldestNs }: { start: number; end: number; oldestNs: bigint },
): number {
  return (format === 'json' ? json : protobuf)(start, end, oldestNs);
}

/** What follows a literal of a template. */
export const follows = { nextRecord: 0, text: 1, integer: 2, scaledTime: 3, nanosecondTime: 4 } as const;

/** Writes the template of JSON's records. */
export class TemplateWriter {
  #word = 0;
  #literal = literalsAt;

  /** Adds a literal, and what follows it; false where there is no room for it. */
  add(bytes: Uint8Array, range: { start: number; end: number }, follow: number): boolean {
    const length = range.end - range.start;
    if (this.#word + stepWords > steps.length || this.#literal + length > bytesAt) return false;
    page.set(bytes.subarray(range.start, range.end), this.#literal);
    steps[this.#word] = this.#literal;
    steps[this.#word + 1] = length;
    steps[this.#word + 2] = follow;
    // Which of its last bytes count, of sixteen that are compared.
    steps[this.#word + 3] = length === 0 ? 0 : 2 ** (((length - 1) % 16) + 1) - 1;
    this.#word += stepWords;
    this.#literal += length;
    return true;
  }
}
