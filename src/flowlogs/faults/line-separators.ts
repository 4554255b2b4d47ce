// Characters at which some languages end a line and flow logs do not: Python's str.splitlines knows ten of them
// (elastic/elastic-serverless-forwarder issue 1009).

import { objectFault } from './kind.ts';
import { bytesOf, changeValues, fieldMistake, valueSchemas, type ValueConfig } from './lines.ts';

const separators = ['\u2028', '\u2029', '\v', '\f', '\u0085', '\u001c'].map(bytesOf);

export const lineSeparatorsFault = objectFault<ValueConfig>({
  kind: 'object.line-separators',
  summary: 'puts U+2028, U+0085 and other characters that end a line elsewhere into values of some records',
  owes: 'owed',
  parameters: valueSchemas,
  mistake: fieldMistake,
  open: (config) => ({
    strike: (file) => changeValues(file, config, (value, turn) => `${value}${separators[turn % separators.length]}x`),
  }),
});
