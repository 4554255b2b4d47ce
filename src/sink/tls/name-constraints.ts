// The extension that limits an authority to some names (RFC 5280, section 4.2.1.10). @peculiar/x509 has no class for it; its DER
// is a few bytes, since every length here is below 128.

import { Extension } from '@peculiar/x509';

import { invariant } from '../../core/errors.ts';

const nameConstraintsId = '2.5.29.30';
/** DER tags: the permitted subtrees, and the kinds of GeneralName that stand in them. */
const tags = { sequence: 0x30, permittedSubtrees: 0xa0, dnsName: 0x82, ipAddress: 0x87 } as const;

/** Critical. A domain stands for itself and all below it, an IPv4 address for itself alone. */
export function nameConstraints(domains: readonly string[], address: string): Extension {
  const names = [
    ...domains.map((domain) => der(tags.dnsName, Buffer.from(domain, 'latin1'))),
    der(tags.ipAddress, Buffer.from([...address.split('.').map(Number), 255, 255, 255, 255])),
  ];
  const subtrees = names.map((name) => der(tags.sequence, name));
  return new Extension(
    nameConstraintsId,
    true,
    der(tags.sequence, der(tags.permittedSubtrees, Buffer.concat(subtrees))),
  );
}

function der(tag: number, content: Buffer): Buffer {
  invariant(content.length < 128, `a DER length of ${content.length} needs more than one byte`);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
