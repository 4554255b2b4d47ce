// The embedded S3 as AWS's SDKs for Go and Java meet it, over HTTP and, through the proxy and under its real name, over TLS: checksums,
// streams in chunks with trailers, uploads in parts, conditions, listings, versions, notifications, presigned URLs.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openEgressRig, runProgram, type EgressRig } from '../sink/egress-rig.ts';
import { openTestStore } from '../stores/open-test-store.ts';

type Command = readonly [string, ...string[]];

interface Client {
  readonly language: string;
  /** What test/clients/prepare.sh makes. */
  readonly made: string;
  /** The client itself, or that which trusts the rig's authority and goes through its proxy. */
  command(made: string, opened?: EgressRig): Command;
}

const cache = join(import.meta.dirname, '../../node_modules/.cache/flowrig-clients');

const clients: readonly Client[] = [
  { language: 'Go', made: 'go-client', command: (made) => [made] },
  {
    language: 'Java',
    made: 'java/Client.class',
    command(made, opened) {
      const folder = join(made, '..');
      const trusting = opened === undefined ? [] : trustInJava(opened);
      return ['java', '-Dfile.encoding=UTF-8', '-cp', `${folder}:${folder}/*`, ...trusting, 'Client'];
    },
  },
];

// Java takes neither the proxy nor an authority from the environment.
function trustInJava({ egress, folder }: EgressRig): string[] {
  const store = join(folder, 'trust.p12');
  const words = ['-importcert', '-noprompt', '-alias', 'rig', '-file', egress.caFile];
  execFileSync('keytool', [...words, '-keystore', store, '-storepass', 'changeit'], { stdio: 'ignore' });
  const { hostname, port } = new URL(egress.proxyUrl);
  return [
    `-Djavax.net.ssl.trustStore=${store}`,
    '-Djavax.net.ssl.trustStorePassword=changeit',
    ...['http', 'https'].flatMap((scheme) => [`-D${scheme}.proxyHost=${hostname}`, `-D${scheme}.proxyPort=${port}`]),
  ];
}

const situations = clients.flatMap((client) => [true, false].map((verifySignatures) => ({ client, verifySignatures })));

test.for(situations)(
  '$client.language finds S3’s behaviour, signatures verified: $verifySignatures',
  { timeout: 180_000 },
  async ({ client, verifySignatures }, { skip }) => {
    const made = join(cache, client.made);
    if (!existsSync(made)) return skip(`there is no client in ${client.language}: test/clients/prepare.sh makes it`);
    await using store = await openTestStore({ memoryBytes: 0, verifySignatures });
    const { endpoint, accessKeyId, secretAccessKey } = store.address;
    await using opened = await openEgressRig({ storeEndpoint: endpoint });
    const words = [accessKeyId, secretAccessKey, ...(verifySignatures ? [] : ['any-signature'])];
    const plain = await runProgram(opened.egress, [...client.command(made), endpoint, ...words]);
    const realName = 'https://s3.us-east-1.amazonaws.com';
    const secured = await runProgram(opened.egress, [...client.command(made, opened), realName, ...words]);
    // Every other line is a behaviour that failed.
    expect([plain, secured]).toMatchObject([{ stdout: 'done\n' }, { stdout: 'done\n' }]);
  },
);
