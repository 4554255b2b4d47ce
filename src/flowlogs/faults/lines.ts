// What the faults of text share: changing some records of a file, byte for byte, the others and the header left as they are.

import { Type } from 'typebox';

import { isFieldName } from '../fields.ts';
import type { FileDraft } from './kind.ts';

export interface EveryConfig {
  readonly every?: number;
}

export interface ValueConfig extends EveryConfig {
  readonly field?: string;
}

/** The parameter that says which records are changed. */
export const everySchema = {
  every: Type.Integer({
    minimum: 1,
    description: 'Changes every so-many-th record of a file, the first one among them. Default: 10.',
    examples: [1],
  }),
};

/** The parameters of a fault that puts something into values of one field. */
export const valueSchemas = {
  ...everySchema,
  field: Type.String({
    minLength: 1,
    description: 'The field whose values are changed. Default: interface-id, or the last field where a file has none.',
    examples: ['interface-id'],
  }),
};

/** What is wrong with the field that a config names. */
export function fieldMistake({ field }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof field !== 'string' || isFieldName(field)) return undefined;
  return `field: AWS has no field "${field}" in its flow logs.`;
}

/**
 * Changes every so-many-th record. Values are texts of one character a byte, so that what is no UTF-8 stays as it is; `turn` counts
 * the changed records from 0.
 */
export function changeRecords(
  file: FileDraft,
  every: number,
  change: (values: string[], turn: number) => readonly string[],
): FileDraft {
  let record = 0;
  return changeLines(file, (line) => {
    const isChanged = record % every === 0;
    const turn = record++ / every;
    return isChanged ? change(line.split(' '), turn).join(' ') : line;
  });
}

/** Puts something else in the place of one field's values. */
export function changeValues(
  file: FileDraft,
  { every = 10, field = 'interface-id' }: ValueConfig,
  change: (value: string, turn: number) => string,
): FileDraft {
  const named = file.fields.indexOf(field);
  const column = named < 0 ? file.fields.length - 1 : named;
  return changeRecords(file, every, (values, turn) =>
    values.map((value, i) => (i === column ? change(value, turn) : value)),
  );
}

/** Changes lines that hold a record; `change` sees each without its LF. */
export function changeLines(file: FileDraft, change: (line: string) => string): FileDraft {
  let isHeader = file.hasHeader;
  const lines = file.text
    .toString('latin1')
    .split('\n')
    .map((line) => {
      if (line.trim() === '') return line;
      if (!isHeader) return change(line);
      isHeader = false;
      return line;
    });
  return { ...file, text: Buffer.from(lines.join('\n'), 'latin1') };
}

/** A text of one character a byte for any text. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The header line with its LF, and the rest; without a header the first part is empty. */
export function cutHeader({ hasHeader, text }: FileDraft): { header: Buffer; records: Buffer } {
  const end = hasHeader ? text.indexOf(0x0a) + 1 : 0;
  return { header: text.subarray(0, end), records: text.subarray(end) };
}
