// Whether the values of a line look like those of a format's fields: asked where their number alone does not tell.

import type { Format } from './format.ts';
import { snakeCase } from './field-names.ts';
import type { Tokens } from './tokens.ts';

const decoder = new TextDecoder();

/** How many tokens look like values of the format's fields, or like their names. */
export function likelihood(tokens: Tokens, format: Format, source: Uint8Array): number {
  return looksOf(tokens, format, source).filter((looks) => looks === true).length;
}

/** Fewer values than these prove nothing. */
const telling = 3;

/** Whether a text has as many words as the format has fields, and no value of any of them: other text than a line. */
export function isForeign(tokens: Tokens, format: Format, source: Uint8Array): boolean {
  const told = looksOf(tokens, format, source).filter((looks) => looks !== undefined);
  return told.length >= telling && !told.includes(true);
}

/** For each token whether it looks like a value of its field; undefined where that cannot be told. */
function looksOf(tokens: Tokens, format: Format, source: Uint8Array): (boolean | undefined)[] {
  const { starts, ends } = tokens;
  return format.names.slice(0, tokens.count).map((name, i) => {
    const token = decoder.decode(source.subarray(starts[i]!, ends[i]!));
    if (token === '-') return undefined;
    return token === name || token === snakeCase(name) || patternOf(name)?.test(token);
  });
}

const patterns: readonly (readonly [fields: RegExp, values: RegExp])[] = [
  [/^interface-id$/, /^eni-/],
  [/^log-status$/, /^(OK|NODATA|SKIPDATA)$/],
  [/^action$/, /^(ACCEPT|REJECT)$/],
  [/^account-id$/, /^\d{12}$/],
  [/^(start|end)$/, /^\d{10,20}$/],
  [/addr$/, /^[\da-f]*[.:][\da-f.:]*$/i],
  [/^(version|srcport|dstport|protocol|packets|bytes|tcp-flags|traffic-path)$/, /^\d{1,9}$/],
  [/^(vpc|subnet|instance|transit-gateway|tgw)(-\w+)*-id$/, /^(vpc|subnet|i|tgw)-[\da-f]+$/],
];

const patternByField = new Map<string, RegExp | undefined>();

/** Undefined where values of the field look like anything. */
function patternOf(field: string): RegExp | undefined {
  if (!patternByField.has(field)) patternByField.set(field, patterns.find(([fields]) => fields.test(field))?.[1]);
  return patternByField.get(field);
}
