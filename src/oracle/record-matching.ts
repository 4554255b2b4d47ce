// Tells whether a record that arrived fits a condition, for faults that strike some records only.

import type { RecordView } from '../core/model/delivery.ts';
import { invariant } from '../core/errors.ts';
import { ArrivalReader, arrivalKinds } from './reading/arrival-reader.ts';
import { parseCondition } from './condition.ts';
import { fieldSchema } from './reading/field-schema.ts';
import { timestampOf, type Layout } from './reading/layout.ts';

/**
 * Reads conditions such as `dstport = 443` on the fields of a record, however it was laid out. `fields` are the formats that
 * records may have. The conditions have been validated; header lines and what is no record at all fit none.
 */
export function matchRecords(
  fields: readonly (readonly string[])[],
  layout?: Layout,
): (condition: string) => (view: RecordView) => boolean {
  const schema = fieldSchema(fields, new Set(), layout);
  const reader = new ArrivalReader(schema, layout ? timestampOf(layout) : 'end');
  const decoder = new TextDecoder();
  const valueOf = (name: string): string => {
    const field = schema.fields.indexOf(name);
    if (field < 0) return '-';
    const { bytes, starts, ends } = reader.writer;
    return decoder.decode(bytes.subarray(starts[field], ends[field]));
  };
  return (text) => {
    const parsed = parseCondition(text);
    invariant('condition' in parsed, `"${text}" was validated as a condition`);
    return (view) => reader.readValues(view) === arrivalKinds.record && parsed.condition(valueOf);
  };
}
