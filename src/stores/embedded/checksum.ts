// The checksums that a client may send with a body: "Checking object integrity for data uploads", Amazon S3 User Guide.

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { crc32c, crc64Bytes, newCrc64, updateCrc64 } from './crc.ts';
import { S3Error } from './errors.ts';

/** One running digest; called once per chunk. */
export interface Hasher {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

/** Those that S3 computes. Names as in `x-amz-checksum-NAME`; sizes in bytes. */
const algorithms: Readonly<Record<string, { readonly sizeBytes: number; readonly open: () => Hasher }>> = {
  crc32: { sizeBytes: 4, open: () => crcHasher(crc32) },
  crc32c: { sizeBytes: 4, open: () => crcHasher(crc32c) },
  crc64nvme: { sizeBytes: 8, open: crc64Hasher },
  sha1: { sizeBytes: 20, open: () => createHash('sha1') },
  sha256: { sizeBytes: 32, open: () => createHash('sha256') },
};

const headerPrefix = 'x-amz-checksum-';
/** Headers that begin alike but hold no value of a checksum. */
const otherHeaders = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type']);

export interface Checksum {
  /** Lower case, as in the header's name. */
  readonly algorithm: string;
  /** Base64; of several parts the checksum of their checksums, a hyphen and their number. */
  readonly value: string;
}

/** Names that a request may ask for, in lower case. */
export function readAlgorithm(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const algorithm = name.toLowerCase();
  if (Object.hasOwn(algorithms, algorithm)) return algorithm;
  throw new S3Error('InvalidRequest', {
    message:
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  });
}

/** S3 says of a checksum whether it is one of the bytes, or one of the parts' checksums. */
export function checksumType({ value }: Checksum): 'COMPOSITE' | 'FULL_OBJECT' {
  return value.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT';
}

/** A checksum that the client announced: its value is known from the header, or comes in the trailer. */
export interface ExpectedChecksum {
  readonly algorithm: string;
  readonly value?: string;
  readonly hasher: Hasher;
}

/** Finds the one checksum of a request in its headers or in its announced trailer. */
export function expectedChecksum(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ExpectedChecksum | undefined {
  const names = Object.keys(headers).filter((name) => name.startsWith(headerPrefix) && !otherHeaders.has(name));
  const trailer = headers['x-amz-trailer'];
  const trailerName = typeof trailer === 'string' ? trailer.trim().toLowerCase() : undefined;
  if (trailerName !== undefined && !trailerName.startsWith(headerPrefix)) {
    throw new S3Error('InvalidRequest', {
      message: 'The value specified in the x-amz-trailer header is not supported',
    });
  }
  if (names.length + (trailerName === undefined ? 0 : 1) > 1) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    });
  }
  const name = trailerName ?? names[0];
  if (name === undefined) return undefined;
  const algorithm = name.slice(headerPrefix.length);
  const hasher = openHasher(algorithm);
  if (trailerName !== undefined) return { algorithm, hasher };
  const value = String(headers[name]);
  checkForm(algorithm, value);
  return { algorithm, value, hasher };
}

/** Refuses a value that cannot be a checksum of this algorithm, as AWS does before it compares. */
export function checkForm(algorithm: string, value: string): void {
  if (isBase64Of(value, algorithms[algorithm]!.sizeBytes)) return;
  throw new S3Error('InvalidRequest', { message: `Value for ${headerPrefix}${algorithm} header is invalid.` });
}

export function isBase64Of(value: string, sizeBytes: number): boolean {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === sizeBytes && bytes.toString('base64') === value;
}

/** Of an algorithm in lower case. */
export function openHasher(algorithm: string): Hasher {
  if (!Object.hasOwn(algorithms, algorithm)) {
    throw new S3Error('NotImplemented', {
      message: `The embedded S3 does not compute the checksum algorithm ${algorithm.toUpperCase()}.`,
      details: { Header: headerPrefix + algorithm },
    });
  }
  return algorithms[algorithm]!.open();
}

function crcHasher(continueCrc: (chunk: Uint8Array, previous: number) => number): Hasher {
  let value = 0;
  return {
    update(chunk) {
      value = continueCrc(chunk, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

function crc64Hasher(): Hasher {
  const crc = newCrc64();
  return { update: (chunk) => updateCrc64(crc, chunk), digest: () => crc64Bytes(crc) };
}
