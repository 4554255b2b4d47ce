// The shape of a fault of the network: what happens to a connection to SigNoz before the first byte of a request. It strikes
// only those who come by SigNoz's real name, through the proxy: nobody resolves or certifies 127.0.0.1.

import { Type, type TSchema } from 'typebox';

import type { FaultSelection } from '../../core/fault.ts';
import { quantity } from '../../core/quantity.ts';
import type { CertificateProblem } from '../tls/authority.ts';

export interface NetFaultEffect {
  /** The proxy cannot resolve the name: what the resolver said. */
  readonly unresolved?: 'ENOTFOUND' | 'EAI_AGAIN';
  /** What is wrong with the handshake; `stalled` is one that never begins. */
  readonly tls?: CertificateProblem | 'stalled';
}

export interface NetFaultKind {
  readonly kind: string;
  readonly summary: string;
  readonly config: TSchema;
  effect(config: NetFaultConfig): NetFaultEffect;
}

/** A fault as resolved: quantities read, units in the names. */
export type NetFaultConfig = { readonly kind: string } & FaultSelection & Readonly<Record<string, unknown>>;

/** Keys of every fault of the network: which connections it strikes, and when it is armed. */
export const selectionSchemas = {
  share: Type.Optional(
    quantity(
      'share',
      'The share of connections that it strikes, decided by seed, host, and how often that was called.',
    ),
  ),
  nth: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Strikes only the nth connection to one host.', examples: [1] }),
  ),
  from: Type.Optional(quantity('duration', "Armed from this time of the run's clock.")),
  for: Type.Optional(quantity('duration', 'Armed for this long.')),
};
