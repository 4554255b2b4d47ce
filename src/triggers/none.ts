// Nobody tells the forwarder of an object: it looks into the bucket by itself.

import { Type } from 'typebox';

import type { TriggerKind } from './kind.ts';

const summary = 'Nothing tells the forwarder of an object: it finds them by itself.';

export const none: TriggerKind = {
  kind: 'none',
  summary,
  config: Type.Object(
    { kind: Type.Literal('none') },
    { additionalProperties: false, description: summary, examples: [{ kind: 'none' }] },
  ),
  way: 'none',
  wrap: () => undefined,
};
