import 'reflect-metadata';

import { execFileSync } from 'node:child_process';
import { webcrypto, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';

import {
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  BasicConstraintsExtension,
  PemConverter,
} from '@peculiar/x509';
import { expect, test } from 'vitest';

import { openClock } from '../../src/core/clock.ts';
import { openAuthority, type Authority } from '../../src/sink/tls/authority.ts';
import { signedAddress, signedDomains } from '../../src/sink/tls/hosts.ts';
import { openTlsListener } from '../../src/sink/tls/listener.ts';
import { nameConstraints } from '../../src/sink/tls/name-constraints.ts';
import { openEgressRig } from './egress-rig.ts';
import { key, openSinkRig } from './rig.ts';

const dayMs = 86_400_000;

/** Connects as a client that trusts the authority; resolves with what it sees, rejects with its error. */
async function handshake(port: number, authority: Authority, servername?: string): Promise<TLSSocket> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca: authority.certificatePem,
    ...(servername === undefined ? {} : { servername }),
  });
  await once(socket, 'secureConnect');
  return socket;
}

async function withListener<T>(use: (port: number, authority: Authority) => Promise<T>): Promise<T> {
  const authority = await openAuthority(Date.now());
  await using listener = await openTlsListener({
    clock: openClock(),
    authority,
    host: '127.0.0.1',
    port: 0,
    protocols: ['http/1.1'],
    accept: (socket) => void socket.end('hello'),
  });
  return await use(listener.port, authority);
}

test('the authority is a CA of one day that may sign certificates of its few hosts, and nothing else', async () => {
  const nowMs = Date.now();
  const { certificatePem } = await openAuthority(nowMs);
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.ca).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  const lastsMs = certificate.validToDate.getTime() - nowMs;
  expect(Math.round(lastsMs / 60_000)).toBe(dayMs / 60_000);
  expect(certificate.validFromDate.getTime()).toBeLessThan(nowMs);
});

test('two runs have two authorities', async () => {
  const [one, other] = await Promise.all([openAuthority(Date.now()), openAuthority(Date.now())]);
  expect(one.certificatePem).not.toBe(other.certificatePem);
});

test("what the run's folder holds of the authority is its certificate, for the user's eyes", async () => {
  await using opened = await openEgressRig();
  expect(readdirSync(opened.folder)).toEqual(['ca.pem']);
  expect(opened.egress.caFile).toBe(join(opened.folder, 'ca.pem'));
  expect(statSync(opened.egress.caFile).mode & 0o777).toBe(0o600);
  const text = readFileSync(opened.egress.caFile, 'utf8');
  expect(text.match(/-----BEGIN [A-Z ]+-----/g)).toEqual(['-----BEGIN CERTIFICATE-----']);
});

test.for([
  ['ingest.us.signoz.cloud', 'DNS:ingest.us.signoz.cloud'],
  ['ingest.signoz.io', 'DNS:ingest.signoz.io'],
  ['flow-logs.s3.us-east-1.amazonaws.com', 'DNS:flow-logs.s3.us-east-1.amazonaws.com'],
  ['localhost', 'IP Address:127.0.0.1, DNS:localhost'],
  [undefined, 'IP Address:127.0.0.1, DNS:localhost'],
] as const)('a client that names %s gets the certificate of that host, and trusts it', async ([name, names]) => {
  await withListener(async (port, authority) => {
    const socket = await handshake(port, authority, name);
    expect(socket.getPeerCertificate().subjectaltname).toBe(names);
    socket.destroy();
  });
});

test('a client that names a host that is not ours gets the certificate of loopback, which it refuses', async () => {
  await withListener(async (port, authority) => {
    await expect(handshake(port, authority, 'example.com')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});

test('the certificate of a host is made once', async () => {
  const authority = await openAuthority(Date.now());
  const [one, again, other] = await Promise.all(
    ['ingest.us.signoz.cloud', 'ingest.us.signoz.cloud', 'ingest.eu.signoz.cloud'].map((host) =>
      authority.certificateFor(host),
    ),
  );
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

test('clients refuse a certificate for another host, though the key of the authority had signed it', async () => {
  cryptoProvider.set(webcrypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [caKeys, keys] = await Promise.all([newKeys(), newKeys()]);
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=authority',
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true), nameConstraints(signedDomains, signedAddress)],
  });
  const privateKey = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  const refusalOf = async (host: string): Promise<string> => {
    const certificate = await X509CertificateGenerator.create({
      subject: 'CN=stand-in',
      issuer: ca.subjectName,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
    });
    const server = createServer({ key: privateKey, cert: certificate.toString('pem') });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', ca: ca.toString('pem'), servername: host });
    const outcome = await once(socket, 'secureConnect').then(
      () => 'trusted',
      (error: Error) => error.message,
    );
    socket.destroy();
    server.close();
    return outcome;
  };
  expect(await refusalOf('ingest.us.signoz.cloud')).toBe('trusted');
  expect(await refusalOf('example.com')).toBe('permitted subtree violation');
  expect(await refusalOf('signoz.cloud.example.com')).toBe('permitted subtree violation');
});

function hasProgram(name: string): boolean {
  try {
    execFileSync(name, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasProgram('openssl'))(
  'openssl, at its strictest, accepts the chain and reads the constraints',
  async () => {
    await using opened = await openEgressRig();
    const { egress, folder } = opened;
    await using listener = await openTlsListener({
      clock: openClock(),
      authority: egress.authority,
      host: '127.0.0.1',
      port: 0,
      protocols: ['http/1.1'],
      accept: (socket) => void socket.end(),
    });
    const socket = await handshake(listener.port, egress.authority, 'ingest.us.signoz.cloud');
    const leaf = join(folder, 'leaf.pem');
    writeFileSync(leaf, new X509Certificate(socket.getPeerCertificate().raw).toString());
    socket.destroy();
    const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8' });
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'ingest.us.signoz.cloud'];
    expect(openssl(...verify, '-CAfile', egress.caFile, leaf)).toBe(`${leaf}: OK\n`);
    const text = openssl('x509', '-in', egress.caFile, '-noout', '-text').replaceAll(/\s+/g, ' ');
    expect(text).toContain('X509v3 Basic Constraints: critical CA:TRUE, pathlen:0');
    expect(text).toContain('X509v3 Key Usage: critical Certificate Sign, CRL Sign');
    expect(text).toContain(
      'X509v3 Name Constraints: critical Permitted: DNS:signoz.cloud DNS:signoz.io DNS:amazonaws.com DNS:localhost IP:127.0.0.1/255.255.255.255',
    );
  },
);

test('the sink under TLS on a port of its own takes what it takes without', async () => {
  await using rig = await openSinkRig();
  const authority = await openAuthority(Date.now());
  await using listener = await openTlsListener({
    clock: rig.clock,
    authority,
    host: '127.0.0.1',
    port: 0,
    protocols: ['http/1.1'],
    accept: (socket) => rig.sink.accept(socket),
  });
  const socket = await handshake(listener.port, authority);
  socket.write(
    `POST /logs/json HTTP/1.1\r\nHost: a\r\nsignoz-ingestion-key: ${key}\r\nContent-Length: 14\r\n\r\n[{"body":"a"}]`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  socket.destroy();
  await rig.sink.idle();
  expect(rig.records.get(1)).toMatchObject([{ body: 'a' }]);
});

test('a port that is taken is told with its number', async () => {
  await withListener(async (port, authority) => {
    const again = openTlsListener({
      clock: openClock(),
      authority,
      host: '127.0.0.1',
      port,
      protocols: [],
      accept: () => undefined,
    });
    await expect(again).rejects.toThrow(`Cannot listen on 127.0.0.1:${port} for TLS (EADDRINUSE). Choose another port`);
  });
});
