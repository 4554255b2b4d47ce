// SigNoz's name cannot be resolved. A client behind a proxy never resolves it itself, so the proxy says so: 502, in the words of
// a resolver and of RFC 9209 (section 2.3.2, DNS Error).

import { Type } from 'typebox';

import { selectionSchemas, type NetFaultKind } from './kind.ts';

export const dnsFault: NetFaultKind = {
  kind: 'net.dns',
  summary: "the name of SigNoz cannot be resolved; behind the rig's proxy that is a 502 to CONNECT",
  config: Type.Object(
    {
      kind: Type.Literal('net.dns'),
      error: Type.Unsafe<string>({
        enum: ['ENOTFOUND', 'EAI_AGAIN'],
        description: 'What the resolver says: there is no such name, or it cannot tell now.',
        examples: ['EAI_AGAIN'],
      }),
      ...selectionSchemas,
    },
    {
      additionalProperties: false,
      description:
        "SigNoz's name cannot be resolved. A client behind a proxy never resolves it itself: the proxy answers its CONNECT with " +
        '502. Strikes only who comes by the real name (sink.host, or a URL in the code).',
    },
  ),
  effect: (config) => ({ unresolved: config['error'] as 'ENOTFOUND' | 'EAI_AGAIN' }),
};
