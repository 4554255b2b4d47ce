// One record that is far longer than any of AWS's: readers with a fixed buffer stop there (Go's bufio.Scanner at 64 KiB).

import { quantity } from '../../core/quantity.ts';
import { objectFault } from './kind.ts';
import { changeValues, fieldMistake, valueSchemas, type ValueConfig } from './lines.ts';

export const longLineFault = objectFault<Pick<ValueConfig, 'field'> & { readonly sizeBytes?: number }>({
  kind: 'object.long-line',
  summary: 'makes the second record of a file very long',
  owes: 'owed',
  parameters: {
    size: quantity('size', 'Bytes that are added to it. Default: 100kB.', { examples: ['65KiB', '1MiB'] }),
    field: valueSchemas.field,
  },
  mistake: fieldMistake,
  open: ({ sizeBytes = 100_000, field }) => ({
    strike(file) {
      let record = 0;
      const change = (value: string): string => (record++ === 1 ? value + 'x'.repeat(sizeBytes) : value);
      return changeValues(file, { every: 1, ...(field === undefined ? {} : { field }) }, change);
    },
  }),
});
