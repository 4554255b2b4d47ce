// A byte that is no UTF-8. What arrives of it is U+FFFD, since neither JSON nor OTLP can carry it; all around it must be as it was.

import { objectFault } from './kind.ts';
import { changeValues, fieldMistake, valueSchemas, type ValueConfig } from './lines.ts';

export const invalidUtf8Fault = objectFault<ValueConfig>({
  kind: 'object.invalid-utf8',
  summary: 'puts the byte 0xFF into a value of some records',
  owes: 'owed',
  parameters: valueSchemas,
  mistake: fieldMistake,
  open: (config) => ({ strike: (file) => changeValues(file, config, (value) => `${value}\xff`) }),
});
