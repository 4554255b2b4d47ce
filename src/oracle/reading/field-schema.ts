// The fields of a corpus: the union of its formats in one order. A line of any format is compared as values of that union, so
// that objects of different formats share one ledger; with one format the union is that format.

import { explainedFields, formatOfNames, shortenedFormats, type Format, type UsualLine } from './format.ts';
import { isForeign, likelihood } from './likelihood.ts';
import { valuesOf, snakeCase, type FieldValues } from './field-names.ts';
import type { Layout } from './layout.ts';
import type { LineWriter } from './line-writer.ts';
import type { Tokens } from './tokens.ts';

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

const encoder = new TextEncoder();

export function fieldSchema(
  formats: readonly (readonly string[])[],
  leftOutNames: ReadonlySet<string>,
  layout?: Layout,
  dropped: readonly string[] = [],
): FieldSchema {
  const fields = [...new Set(formats.flat())];
  const values = fields.map((name) => (layout?.anyCase?.includes(name) ? 'any-case' : valuesOf(name)));
  const names = fields.map((name) => [encoder.encode(name), encoder.encode(snakeCase(name))] as const);
  const leftOut = Uint8Array.from(fields, (name) => (leftOutNames.has(name) ? 1 : 0));
  const own = formats.map((format, index) => formatOfNames(format, { index, fields, values }));
  const shortened = shortenedFormats(formats, dropped).map((format, i) =>
    formatOfNames(format, { index: own.length + i, fields, values }),
  );
  const isWhole = leftOut.every((bit) => bit === 0) && !values.includes('any-case');
  const formatOf = formatFinder(own, shortened);
  const usualLine = isWhole && own.length === 1 ? { ...own[0]!.special, headerByte: names[0]![0][0]! } : undefined;

  function isOwnName(field: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = names[field]!;
    return isEqual(own[0], bytes, start, end) || isEqual(own[1], bytes, start, end);
  }

  return {
    fields,
    values,
    leftOut,
    layout,
    formats: [...own, ...shortened],
    usualLine,
    formatOf,
    likeliestFormat(tokens, source) {
      const fitting = formatOf(tokens, source);
      const first = own[0];
      // Looking at the values takes ten times as long as all else that is done with a line: none that is usual is looked at.
      if (fitting) return isUsual(tokens, fitting, source) || !isForeign(tokens, fitting, source) ? fitting : undefined;
      if (!first) return undefined;
      return likelihood(tokens, first, source) >= Math.min(explainedFields, first.names.length) ? first : undefined;
    },
    isPlain(tokens, format, source) {
      return usualLine !== undefined && tokens.count === fields.length && isUsual(tokens, format, source);
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

/** Finds the format of a line by how many values it has, and by what these look like where that does not tell. */
function formatFinder(own: readonly Format[], shortened: readonly Format[]): FieldSchema['formatOf'] {
  return (tokens, source) => {
    let fitting: Format | undefined;
    for (const format of own) {
      if (format.names.length !== tokens.count) continue;
      const isLikelier = fitting && likelihood(tokens, format, source) > likelihood(tokens, fitting, source);
      if (!fitting || isLikelier) fitting = format;
    }
    if (fitting) return fitting;
    // A line that lacks its last values may have as many as one that lacks those that were dropped.
    return shortened.find(
      (format, i) =>
        format.names.length === tokens.count &&
        likelihood(tokens, format, source) >= likelihood(tokens, own[i]!, source),
    );
  };
}

/** Tells whether times of a canonical line are in seconds and protocols are numbers: then its values are as AWS writes them. */
function isUsual(tokens: Tokens, { special: { times, protocols } }: Format, source: Uint8Array): boolean {
  if (!tokens.isCanonical) return false;
  if (times.length + protocols.length === 0) return true;
  tokens.locate(Math.min(...times, ...protocols));
  for (let i = 0; i < times.length; i++) {
    if (tokens.endOf(times[i]!) - tokens.startOf(times[i]!) > 11) return false;
  }
  for (let i = 0; i < protocols.length; i++) if (source[tokens.startOf(protocols[i]!)]! > 0x39) return false;
  return true;
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
