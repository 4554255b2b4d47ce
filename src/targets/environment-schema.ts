// What a scenario may say of a target's environment variables, whatever kind the target is.

import { Type } from 'typebox';

type Environment = Type.TOptional<Type.TRecord<'^.*$', Type.TUnion<[Type.TString, Type.TNumber, Type.TBoolean]>>>;

/** `example`: as a user of this kind would write them. */
export function environment(example: Readonly<Record<string, string>>): Environment {
  return Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description:
        'Its environment variables; ${...} stands for what the run knows, ${env.NAME} for your own environment.',
      examples: [example],
    }),
  );
}
