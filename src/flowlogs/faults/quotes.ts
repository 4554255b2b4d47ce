// Quotation marks in a value. To flow logs they are bytes like others; a shell's or CSV's way to split reads more into them.

import { objectFault } from './kind.ts';
import { changeValues, fieldMistake, valueSchemas, type ValueConfig } from './lines.ts';

const forms: readonly ((value: string) => string)[] = [
  (value) => `${value}"`,
  (value) => `'${value}`,
  (value) => `"${value}"`,
  (value) => `${value}\\`,
];

export const quotesFault = objectFault<ValueConfig>({
  kind: 'object.quotes',
  summary: 'puts quotation marks and backslashes into values of some records',
  owes: 'owed',
  parameters: valueSchemas,
  mistake: fieldMistake,
  open: (config) => ({
    strike: (file) => changeValues(file, config, (value, turn) => forms[turn % forms.length]!(value)),
  }),
});
