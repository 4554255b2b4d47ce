// Members of a JSON object as nearly every encoder writes them, where the keys are those of the record before: a short text without
// escapes or a whole number, compact or with one blank behind colons and commas. Read in one loop over local variables; whatever
// is written in another way, right or wrong, is left to the walk that knows the whole grammar.

import { valueKinds, type RecordView } from '../../core/model/delivery.ts';
import { backslash, blank, closeBrace, colon, comma, minus, nul, quote } from './ascii.ts';
import type { KeySequence } from './record-keys.ts';

/** Longer texts are found faster by a native search. */
const mostTextBytes = 40;
const mostDigits = 15;

/** Bytes that end the plain part of a text. */
const endsPlain = new Uint8Array(256);
endsPlain[quote] = endsPlain[backslash] = endsPlain[nul] = 1;

/**
 * Reads members into the view's next slots, from the opening quote of a key at `start`. Answers where it stopped: at the quote of a
 * key whose member is not usual, or at the comma or brace behind a value.
 */
export function readUsualMembers(view: RecordView, bytes: Buffer, start: number, sequence: KeySequence): number {
  const { keyStart, keyEnd, valueKind, valueStart, valueEnd, number } = view;
  const { starts, ends } = sequence;
  const end = bytes.length;
  const last = sequence.runEnd();
  const first = view.attributeCount;
  const most = Math.min(last - sequence.index, keyStart.length - first);
  let at = start;
  let count = 0;
  while (count < most) {
    const expected = starts[sequence.index + count]!;
    const length = ends[sequence.index + count]! - expected;
    const key = at + 1;
    let valueAt = key + length;
    if (bytes[valueAt] !== quote || bytes[valueAt + 1] !== colon) break;
    let i = 0;
    while (i < length && bytes[expected + i] === bytes[key + i]) i++;
    if (i < length) break;
    const slot = first + count;
    keyStart[slot] = key;
    keyEnd[slot] = valueAt;
    valueAt += bytes[valueAt + 2] === blank ? 3 : 2;
    let behind: number;
    if (bytes[valueAt] === quote) {
      const stop = Math.min(valueAt + mostTextBytes, end);
      behind = valueAt + 1;
      while (behind < stop && endsPlain[bytes[behind]!] === 0) behind++;
      if (bytes[behind] !== quote) break;
      valueKind[slot] = valueKinds.text;
      valueStart[slot] = valueAt + 1;
      valueEnd[slot] = behind++;
    } else {
      const isNegative = bytes[valueAt] === minus;
      const digits = isNegative ? valueAt + 1 : valueAt;
      let value = 0;
      let digit = 0;
      behind = digits;
      while ((digit = bytes[behind]! - 0x30) >= 0 && digit <= 9) {
        value = value * 10 + digit;
        behind++;
      }
      if (behind === digits || behind - digits > mostDigits) break;
      valueKind[slot] = valueKinds.double;
      number[slot] = isNegative ? -value : value;
    }
    if (bytes[behind] !== comma && bytes[behind] !== closeBrace) break;
    count++;
    at = behind;
    if (bytes[behind] === closeBrace) break;
    const next = bytes[behind + 1] === blank ? behind + 2 : behind + 1;
    if (bytes[next] !== quote) break;
    at = next;
  }
  view.attributeCount = first + count;
  sequence.index += count;
  return at;
}
