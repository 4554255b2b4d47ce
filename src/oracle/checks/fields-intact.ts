// Every field of every record arrives with its value, in one of the ways of writing it that count as intact.

import { recordFinding } from '../explanation/evidence.ts';
import { plainCheck } from './check.ts';
import { alteredRecords } from './records.ts';

const name = 'fields-intact';

export const fieldsIntact = plainCheck(name, 'every field arrives, with its value', (evidence) => [
  ...alteredRecords(evidence, name),
  ...evidence.fieldsMissing.map((field) =>
    recordFinding(evidence, {
      id: `field-missing:${field}`,
      check: name,
      summary: `${field} has values in the corpus, but no record that arrived carries it, in an attribute or in the body`,
      witnesses: [],
    }),
  ),
]);
