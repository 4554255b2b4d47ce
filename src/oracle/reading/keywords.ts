// What stands for a keyword in a canonical line: `6` for `tcp`, `ingress` for `receive`. Every record of a run brings the same few,
// so what was looked up is remembered by its bytes, and no text is made of them again.

import type { FieldValues } from './field-names.ts';
import { protocolNumber } from './protocols.ts';

const otherWords: Readonly<Partial<Record<FieldValues, Readonly<Record<string, string>>>>> = {
  direction: { receive: 'ingress', transmit: 'egress' },
  // Lower case only under OpenTelemetry's name: the reader asks for it there.
  type: { ipv4: 'IPv4', ipv6: 'IPv6', efa: 'EFA' },
};

const rememberedBytes = 8;
const rememberedCount = 64;

interface Remembered {
  readonly low: number;
  readonly high: number;
  readonly length: number;
  readonly values: FieldValues;
  readonly other: Uint8Array | undefined;
}

export class Keywords {
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #remembered: (Remembered | undefined)[] = Array.from({ length: rememberedCount });

  /** The bytes that stand for the word in a field of such values; undefined where the word stands for itself. */
  other(bytes: Uint8Array, start: number, end: number, values: FieldValues): Uint8Array | undefined {
    const length = end - start;
    if (length > rememberedBytes) return this.#lookUp(bytes, start, end, values);
    let low = 0;
    let high = 0;
    for (let i = 0; i < length; i++) {
      if (i < 4) low |= bytes[start + i]! << (8 * i);
      else high |= bytes[start + i]! << (8 * i);
    }
    const place = (Math.imul(low ^ high, 0x9e3779b1) >>> 16) & (rememberedCount - 1);
    const known = this.#remembered[place];
    if (known && known.low === low && known.high === high && known.length === length && known.values === values)
      return known.other;
    const other = this.#lookUp(bytes, start, end, values);
    this.#remembered[place] = { low, high, length, values, other };
    return other;
  }

  #lookUp(bytes: Uint8Array, start: number, end: number, values: FieldValues): Uint8Array | undefined {
    const word = this.#decoder.decode(bytes.subarray(start, end));
    const words = otherWords[values];
    const other =
      values === 'protocol'
        ? protocolNumber(word)?.toString()
        : words && Object.hasOwn(words, word)
          ? words[word]
          : undefined;
    return other === undefined ? undefined : this.#encoder.encode(other);
  }
}
