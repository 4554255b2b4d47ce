// The hosts that the rig stands for on the internet, and who answers for each.

/** The hosts of SigNoz Cloud before it had regions in their names (signoz.io/docs, ingestion/signoz-cloud/overview). */
const deprecatedHosts: ReadonlySet<string> = new Set([
  'ingest.signoz.io',
  'ingest-in.signoz.io',
  'ingest-eu.signoz.io',
]);

/** `ingest.<region>.signoz.cloud` of any region, and the deprecated ones. */
export function isSignozHost(host: string): boolean {
  return /^ingest\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.signoz\.cloud$/.test(host) || deprecatedHosts.has(host);
}

export function isAwsHost(host: string): boolean {
  return /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+amazonaws\.com$/.test(host);
}

export function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost';
}

/** What the run's authority may sign for: these and all names below them. An address has no names below it. */
export const signedDomains: readonly string[] = ['signoz.cloud', 'signoz.io', 'amazonaws.com', 'localhost'];
export const signedAddress = '127.0.0.1';

/** Whether a certificate for the host would pass the authority's own name constraints. */
export function isSignedHost(host: string): boolean {
  return host === signedAddress || signedDomains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Whose certificate the fault `net.tls` shows for another host: of the same domain, so that nothing but the name is wrong. */
export const standInHost = 'another-host.signoz.cloud';
