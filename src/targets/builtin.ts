// Forwarders that come with flowrig, by name.

import { FlowrigError } from '../core/errors.ts';
import { ensureForwarderBundle } from './bundle-forwarder.ts';

/** Code and handler of a name like `builtin:forwarder`, built where its sources are newer. */
export async function resolveBuiltin(name: string): Promise<{ code: string; handler: string }> {
  if (name === 'builtin:forwarder') return { code: await ensureForwarderBundle(), handler: 'index.handler' };
  throw new FlowrigError('bad-usage', `"${name}" is not among the forwarders of flowrig. There is builtin:forwarder.`);
}
