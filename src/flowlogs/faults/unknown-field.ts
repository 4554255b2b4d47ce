// A field that nobody knows yet: AWS has added fields six times since 2019 (Amazon VPC User Guide, "Flow log records").

import { Type } from 'typebox';

import { objectFault } from './kind.ts';
import { changeRecords } from './lines.ts';

export const unknownFieldFault = objectFault<{ readonly field?: string }>({
  kind: 'object.unknown-field',
  summary: 'adds a field that AWS has not documented yet, with a value in each record',
  owes: 'owed',
  parameters: {
    field: Type.String({
      pattern: '^[a-z][a-z0-9-]*$',
      description: 'Its name. Default: future-field.',
      examples: ['future-field'],
    }),
  },
  open: ({ field = 'future-field' }) => ({
    strike(file) {
      // Without a header nobody could know the name.
      if (!file.hasHeader) return file;
      const changed = changeRecords(file, 1, (values, turn) => [...values, `value-${turn % 7}`]);
      const end = changed.text.indexOf(0x0a);
      const text = Buffer.concat([changed.text.subarray(0, end), Buffer.from(` ${field}`), changed.text.subarray(end)]);
      return { ...changed, fields: [...file.fields, field], text };
    },
  }),
});
