// A format: the order of fields in a line, as a header line or a scenario names it.

import type { FieldValues } from './field-names.ts';

/** One order of fields, as a header line or a scenario names it. */
export interface Format {
  readonly names: readonly string[];
  readonly index: number;
  /** For each field of the union its token in a line, or -1. */
  readonly tokenOf: Int16Array;
  readonly special: SpecialTokens;
}

/** Tokens that may be written in several ways. */
interface SpecialTokens {
  /** How many a line has in all. */
  readonly tokens: number;
  /** In seconds as AWS writes them. */
  readonly times: readonly number[];
  /** Numbers as AWS writes them. */
  readonly protocols: readonly number[];
}

/** A line of a record that needs no second look. */
export interface UsualLine extends SpecialTokens {
  /** A header line begins with it. */
  readonly headerByte: number;
}

/** So many fields must be found in what came for it to be explained. */
export const explainedFields = 3;

/** `fields` is the union of all formats, `values` how each may be written. */
export function formatOfNames(
  names: readonly string[],
  { index, fields, values }: { index: number; fields: readonly string[]; values: readonly FieldValues[] },
): Format {
  const tokenOf = Int16Array.from(fields, (name) => names.indexOf(name));
  const tokensOf = (wanted: FieldValues): number[] =>
    values.flatMap((kind, field) => (kind === wanted && tokenOf[field]! >= 0 ? [tokenOf[field]!] : []));
  return {
    names,
    index,
    tokenOf,
    special: { tokens: names.length, times: tokensOf('time'), protocols: tokensOf('protocol') },
  };
}

/** The formats without the columns that are dropped; only those that some are left of. */
export function shortenedFormats(formats: readonly (readonly string[])[], dropped: readonly string[]): string[][] {
  const shorter = formats.map((format) => format.filter((name) => !dropped.includes(name)));
  return dropped.length === 0 || shorter.some((names) => names.length < explainedFields) ? [] : shorter;
}
