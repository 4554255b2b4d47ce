// SigNoz shows a certificate that nobody should accept, or never answers the first byte of a handshake.

import { Type } from 'typebox';

import type { CertificateProblem } from '../tls/authority.ts';
import { selectionSchemas, type NetFaultKind } from './kind.ts';

export const tlsFault: NetFaultKind = {
  kind: 'net.tls',
  summary: 'the certificate of SigNoz is expired, of another host or self-signed, or the handshake stalls',
  config: Type.Object(
    {
      kind: Type.Literal('net.tls'),
      problem: Type.Unsafe<string>({
        enum: ['expired', 'wrong-host', 'self-signed', 'stalled'],
        description:
          'What is wrong with the one thing that is: everything else about the certificate is right. A stalled handshake ' +
          "ends when the client gives up, or with the fault's `for`.",
        examples: ['expired'],
      }),
      ...selectionSchemas,
    },
    {
      additionalProperties: false,
      description: 'TLS with SigNoz fails. Strikes only who comes by its real name (sink.host, or a URL in the code).',
    },
  ),
  effect: (config) => ({ tls: config['problem'] as CertificateProblem | 'stalled' }),
};
