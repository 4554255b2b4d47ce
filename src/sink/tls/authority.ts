// A certificate authority of one run: its key is in memory only, it lasts a day, and its name constraints forbid it all hosts but
// those that the rig stands for. Imported where a run needs it: @peculiar/x509 takes 0.2 s.

// @peculiar/x509 needs it, and since version 2 leaves the import to its users.
import 'reflect-metadata';

import { webcrypto } from 'node:crypto';

import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
} from '@peculiar/x509';

import { dateOf } from '../../core/units.ts';
import { nameConstraints } from './name-constraints.ts';
import { isSignedHost, signedAddress, signedDomains, standInHost } from './hosts.ts';

/** What can be wrong with a certificate, each in one way alone. */
export type CertificateProblem = 'expired' | 'wrong-host' | 'self-signed';

/** PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** The authority's certificate: what a client must trust. */
  readonly certificatePem: string;
  /** Made when first asked for; for a host that is not ours, the certificate of loopback. */
  certificateFor(host: string, problem?: CertificateProblem): Promise<Certificate>;
}

const dayMs = 86_400_000;
/** Before this the certificates of a run are not valid yet: clocks of containers may lag. */
const lagMs = 300_000;
/** Whoever asks for ever new regions must not fill the memory. */
const certificatesKept = 256;

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const;
const issuerName = [{ O: ['flowrig'] }, { CN: ['authority of one run'] }];
/** No host: the names stand in the extension, and OpenSSL would hold a host here against the name constraints. */
const leafName = [{ O: ['flowrig'] }, { CN: ['stand-in'] }];

/** `nowMs` is the time that clients read on their own clocks, Unix ms: skipped time is not in it. */
export async function openAuthority(nowMs: number): Promise<Authority> {
  cryptoProvider.set(webcrypto);
  const [authority, leaf] = await Promise.all([newKeys(false), newKeys(true)]);
  const leafKeyPem = await privatePem(leaf.privateKey);
  const valid = { notBefore: dateOf(nowMs - lagMs), notAfter: dateOf(nowMs + dayMs) };
  const expired = { notBefore: dateOf(nowMs - 2 * dayMs), notAfter: dateOf(nowMs - dayMs) };
  const root = await X509CertificateGenerator.createSelfSigned({
    name: issuerName,
    keys: authority,
    signingAlgorithm: signing,
    ...valid,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      nameConstraints(signedDomains, signedAddress),
      await SubjectKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const leafExtensions = async (host: string): Promise<Extension[]> => [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(namesOf(host)),
    await SubjectKeyIdentifierExtension.create(leaf.publicKey),
  ];
  const certify = async (host: string, problem: CertificateProblem | undefined): Promise<Certificate> => {
    const extensions = await leafExtensions(problem === 'wrong-host' ? standInHost : host);
    const common = { signingAlgorithm: signing, ...(problem === 'expired' ? expired : valid) };
    const certificate =
      problem === 'self-signed'
        ? await X509CertificateGenerator.createSelfSigned({ ...common, name: leafName, keys: leaf, extensions })
        : await X509CertificateGenerator.create({
            ...common,
            subject: leafName,
            issuer: root.subjectName,
            publicKey: leaf.publicKey,
            signingKey: authority.privateKey,
            extensions: [...extensions, await AuthorityKeyIdentifierExtension.create(authority.publicKey)],
          });
    return { key: leafKeyPem, cert: certificate.toString('pem') };
  };
  const certificates = new Map<string, Promise<Certificate>>();
  return {
    certificatePem: `${root.toString('pem')}\n`,
    certificateFor(host, problem) {
      const signed = isSignedHost(host) ? host : signedAddress;
      const name = `${problem ?? ''} ${signed}`;
      const certificate = certificates.get(name) ?? certify(signed, problem);
      if (certificates.size >= certificatesKept) certificates.delete(certificates.keys().next().value!);
      certificates.set(name, certificate);
      return certificate;
    },
  };
}

function newKeys(extractable: boolean): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(curve, extractable, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), PemConverter.PrivateKeyTag);
}

/** Loopback is one host under two names. */
function namesOf(host: string): { type: 'dns' | 'ip'; value: string }[] {
  if (host !== signedAddress && host !== 'localhost') return [{ type: 'dns', value: host }];
  return [
    { type: 'ip', value: signedAddress },
    { type: 'dns', value: 'localhost' },
  ];
}
