// The way out for a target, whole: an authority of the run's own, its certificate in a file, and the proxy.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FlowrigError } from '../../core/errors.ts';
import type { EgressAddress } from '../../core/model/trigger.ts';
import type { RandomSource } from '../../core/random.ts';
import { openNetFaultDesk, type NetFaultConfig } from '../net-faults/index.ts';
import { openAuthority, type Authority } from '../tls/authority.ts';
import { openEgressProxy, type EgressProxyOptions } from './proxy.ts';

export interface EgressOptions extends Omit<EgressProxyOptions, 'authority' | 'faults'> {
  readonly faults: readonly NetFaultConfig[];
  readonly random: RandomSource;
  /** Where the authority's certificate goes, as ca.pem. */
  readonly folder: string;
}

export interface Egress extends EgressAddress, AsyncDisposable {
  /** For other ports under TLS. */
  readonly authority: Authority;
  /** How often each configured fault of the network struck. */
  faultsFired(): Record<string, number>;
}

/** Opens all of it; throws a FlowrigError where the file cannot be written or the port cannot be had. */
export async function openEgress({ folder, random, ...options }: EgressOptions): Promise<Egress> {
  // Clients look at the certificate's dates by their own clocks, and those know nothing of skipped time.
  const authority = await openAuthority(options.clock.machineNowMs());
  const caFile = join(folder, 'ca.pem');
  writeCertificate(caFile, authority.certificatePem);
  const faults = openNetFaultDesk(options.faults, random);
  const proxy = await openEgressProxy({ ...options, authority, faults });
  return {
    proxyUrl: proxy.url,
    caFile,
    authority,
    faultsFired: () => faults.fired(),
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** Anew: a file that is there may have another mode. */
function writeCertificate(path: string, pem: string): void {
  try {
    rmSync(path, { force: true });
    writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const message = `Cannot write the run's certificate to ${path}: ${(cause as Error).message}`;
    throw new FlowrigError('cannot-write', message, { cause });
  }
}
