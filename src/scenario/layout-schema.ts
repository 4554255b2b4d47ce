// What a layout may say: in a file of its own, or in place of its path.

import { Type, type TSchema } from 'typebox';

const place = Type.String({ minLength: 1, examples: ['attributes.source.address', 'body.network.bytes', 'timestamp'] });

export const layoutSchema: TSchema = Type.Object(
  {
    version: Type.Unsafe<number>({ enum: [1], description: 'Version of this format.', examples: [1] }),
    fields: Type.Optional(
      Type.Record(Type.String(), place, {
        description:
          'Field of the flow log to its place: attributes.NAME, resource.NAME, body.PATH in a body that is a JSON object or a map, or timestamp.',
        examples: [{ srcaddr: 'attributes.src_ip', bytes: 'body.network.bytes', end: 'timestamp' }],
      }),
    ),
    line: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Where the raw line stands: body, or a place as above. It tells the fields that have no place of their own.',
        examples: ['body.message'],
      }),
    ),
    anyCase: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Fields that may arrive in other capitals and still be intact.',
        examples: [['action']],
      }),
    ),
  },
  { additionalProperties: false, description: 'Where each field stands in a record; nothing else counts.' },
);
