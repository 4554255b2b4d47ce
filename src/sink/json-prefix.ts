// Makes whole JSON of one that was cut anywhere: the records that are there to their end, and a bracket for each that was open.

import type { BodyFormat } from './decode/index.ts';

/** The brackets that are open around a record: an array of records, or OTLP's arrays of resources, scopes and records. */
const around: Readonly<Partial<Record<BodyFormat, { readonly openers: string; readonly closers: string }>>> = {
  'signoz-json': { openers: '[', closers: ']' },
  'otlp-json': { openers: '{[{[{[', closers: ']}]}]}' },
};

const code = { quote: 0x22, backslash: 0x5c };

/** Undefined where no record is there to its end, or the format is no JSON. */
export function closedJson(format: BodyFormat, cut: Uint8Array): Uint8Array | undefined {
  const outer = around[format];
  if (outer === undefined) return undefined;
  const open: string[] = [];
  let recordEnd = 0;
  for (let at = 0; at < cut.length; at++) {
    const byte = cut[at]!;
    if (byte === code.quote) {
      at = stringEnd(cut, at);
      continue;
    }
    const character = String.fromCharCode(byte);
    if (character === '{' || character === '[') open.push(character);
    else if (character === '}' || character === ']') {
      open.pop();
      if (character === '}' && open.length === outer.openers.length && open.join('') === outer.openers)
        recordEnd = at + 1;
    }
  }
  if (recordEnd === 0) return undefined;
  return Buffer.concat([cut.subarray(0, recordEnd), Buffer.from(outer.closers)]);
}

/** The closing quote of the string that begins at `start`, or the end of what is there. */
function stringEnd(cut: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < cut.length && cut[at] !== code.quote) at += cut[at] === code.backslash ? 2 : 1;
  return at;
}
