// The fields of a corpus: the union of its formats in one order. A line of any format is compared as values of that union, so
// that objects of different formats share one ledger; with one format the union is that format.

import { valuesOf, snakeCase, type FieldValues } from './field-names.ts';
import type { Layout } from './layout.ts';
import type { LineWriter } from './line-writer.ts';
import type { Tokens } from './tokens.ts';

/** One order of fields, as a header line or a scenario names it. */
export interface Format {
  readonly names: readonly string[];
  readonly index: number;
  /** For each field of the union its token in a line, or -1. */
  readonly tokenOf: Int16Array;
}

export interface FieldSchema {
  readonly fields: readonly string[];
  readonly values: readonly FieldValues[];
  /** 1 where the field is left out of identity: its value is written as `-`. */
  readonly leftOut: Uint8Array;
  /** Where fields stand in what arrives; undefined where that is found by their names. */
  readonly layout: Layout | undefined;
  readonly formats: readonly Format[];
  /** What lines look like that are their own canonical line; undefined where none is. */
  readonly usualLine: UsualLine | undefined;
  /** The format that a line has by its number of tokens; the likelier by its values where several have it. */
  formatOf(tokens: Tokens, source: Uint8Array): Format | undefined;
  /** True where the line's own bytes are its canonical line. */
  isPlain(tokens: Tokens, format: Format, source: Uint8Array): boolean;
  /** The same, and for a line as long as no format the first one, if it looks like that: a line may be malformed. */
  likeliestFormat(tokens: Tokens, source: Uint8Array): Format | undefined;
  /** True where the bytes are the name of the field itself, as in a header line. */
  isOwnName(field: number, bytes: Uint8Array, start: number, end: number): boolean;
  /** True where each token is the name of its field, in the order of the union. */
  isHeader(tokens: Tokens, source: Uint8Array): boolean;
  /** Writes the canonical line of the tokens. */
  writeLine(writer: LineWriter, tokens: Tokens, format: Format, source: Uint8Array): void;
}

/** A line of a record that needs no second look. */
export interface UsualLine {
  readonly tokens: number;
  /** A header line begins with it. */
  readonly headerByte: number;
  /** Tokens that are times, in seconds. */
  readonly times: readonly number[];
  /** Tokens that are protocols, as numbers. */
  readonly protocols: readonly number[];
}

/** So many fields must be found in what came for it to be explained. */
export const explainedFields = 3;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function fieldSchema(
  formats: readonly (readonly string[])[],
  leftOutNames: ReadonlySet<string>,
  layout?: Layout,
): FieldSchema {
  const fields = [...new Set(formats.flat())];
  const values = fields.map((name) => (layout?.anyCase?.includes(name) ? 'any-case' : valuesOf(name)));
  const names = fields.map((name) => [encoder.encode(name), encoder.encode(snakeCase(name))] as const);
  const leftOut = Uint8Array.from(fields, (name) => (leftOutNames.has(name) ? 1 : 0));
  const own: Format[] = formats.map((format, index) => ({
    names: format,
    index,
    tokenOf: Int16Array.from(fields, (name) => format.indexOf(name)),
  }));
  const isWhole = leftOut.every((bit) => bit === 0) && !values.includes('any-case');
  const usualLine = isWhole && own.length === 1 ? usualLineOf(values, names[0]![0][0]!) : undefined;
  const isUsual = usualLine ? usualValues(usualLine) : () => false;

  function formatOf(tokens: Tokens, source: Uint8Array): Format | undefined {
    let fitting: Format | undefined;
    for (const format of own) {
      if (format.names.length !== tokens.count) continue;
      const isLikelier = fitting && likelihood(tokens, format, source) > likelihood(tokens, fitting, source);
      if (!fitting || isLikelier) fitting = format;
    }
    return fitting;
  }

  function isOwnName(field: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = names[field]!;
    return isEqual(own[0], bytes, start, end) || isEqual(own[1], bytes, start, end);
  }

  return {
    fields,
    values,
    leftOut,
    layout,
    formats: own,
    usualLine,
    formatOf,
    likeliestFormat(tokens, source) {
      const fitting = formatOf(tokens, source);
      const first = own[0];
      // Only where no format fits: looking at the values takes ten times as long as all else that is done with a line.
      if (fitting || !first) return fitting;
      return likelihood(tokens, first, source) >= Math.min(explainedFields, first.names.length) ? first : undefined;
    },
    isPlain(tokens, format, source) {
      if (!tokens.isCanonical || tokens.count !== fields.length || format.names.length !== fields.length) return false;
      return isUsual(tokens, source);
    },
    isOwnName,
    isHeader(tokens, source) {
      // Most lines are told by their first byte.
      if (source[tokens.lineStart] !== names[0]![0][0]) return false;
      for (let field = 0; field < fields.length; field++) {
        if (!isOwnName(field, source, tokens.starts[field]!, tokens.ends[field]!)) return false;
      }
      return true;
    },
    writeLine(writer, tokens, format, source) {
      writer.begin();
      for (let field = 0; field < fields.length; field++) {
        writer.open(field);
        const token = format.tokenOf[field]!;
        if (token < 0 || token >= tokens.count || leftOut[field] === 1) writer.absent();
        else writer.text(source, tokens.starts[token]!, tokens.ends[token]!, tokenValues(values[field]!));
        writer.close(field);
      }
      writeSurplus(writer, tokens, format, source);
    },
  };
}

function usualLineOf(values: readonly FieldValues[], headerByte: number): UsualLine {
  const special = (wanted: FieldValues): number[] => values.flatMap((kind, field) => (kind === wanted ? [field] : []));
  return { tokens: values.length, headerByte, times: special('time'), protocols: special('protocol') };
}

/** Tells whether times of a canonical line are in seconds and protocols are numbers: then its values are as AWS writes them. */
function usualValues({ tokens, times, protocols }: UsualLine): (tokens: Tokens, source: Uint8Array) => boolean {
  const first = Math.min(tokens - 1, ...times, ...protocols);
  return (tokens, source) => {
    tokens.locate(first);
    for (let i = 0; i < times.length; i++) {
      if (tokens.endOf(times[i]!) - tokens.startOf(times[i]!) > 11) return false;
    }
    for (let i = 0; i < protocols.length; i++) if (source[tokens.startOf(protocols[i]!)]! > 0x39) return false;
    return true;
  };
}

/** How many tokens look like values of the format's fields. */
function likelihood(tokens: Tokens, format: Format, source: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < Math.min(tokens.count, format.names.length); i++) {
    const token = decoder.decode(source.subarray(tokens.starts[i]!, tokens.ends[i]!));
    if (looksLike(format.names[i]!, token)) count++;
  }
  return count;
}

/** A line as AWS writes it has protocol numbers, never `receive` or `ipv4`: of its values only times and keywords vary. */
export function tokenValues(values: FieldValues): FieldValues {
  return values === 'time' || values === 'protocol' || values === 'any-case' ? values : 'plain';
}

/** Tokens beyond the format's fields stay part of a malformed line's identity. */
export function writeSurplus(writer: LineWriter, tokens: Tokens, format: Format, source: Uint8Array): void {
  for (let token = format.names.length; token < tokens.count; token++) {
    writer.separate();
    writer.text(source, tokens.starts[token]!, tokens.ends[token]!, 'plain');
  }
}

export function isEqual(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}

/** Whether a token may be a value of the field. `-` fits everywhere and so says nothing. */
function looksLike(field: string, token: string): boolean {
  if (field === 'interface-id') return token.startsWith('eni-');
  if (field === 'log-status') return /^(OK|NODATA|SKIPDATA)$/.test(token);
  if (field === 'action') return /^(ACCEPT|REJECT)$/.test(token);
  if (field === 'account-id') return /^\d{12}$/.test(token);
  if (field === 'start' || field === 'end') return /^\d{10,20}$/.test(token);
  if (field.endsWith('addr')) return /^[\da-f]*[.:][\da-f.:]*$/i.test(token);
  if (/^(version|srcport|dstport|protocol|packets|bytes|tcp-flags|traffic-path)$/.test(field))
    return /^\d{1,9}$/.test(token);
  return /^(vpc|subnet|i|tgw)-[\da-f]+$/.test(token);
}
