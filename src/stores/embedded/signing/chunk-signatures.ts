// Signatures of the chunks of a body, each of which signs the one before it: "Signature calculations for the authorization header:
// transferring payload in multiple chunks", Amazon S3 API Reference.

import { createHash, type Hash } from 'node:crypto';

import { S3Error } from '../errors.ts';
import { sha256Hex, sign, type Scope } from './canonical-request.ts';

export interface ChunkSignatures {
  /** Bytes of the running chunk. */
  update(data: Uint8Array): void;
  /** The running chunk is whole; throws where this is not its signature. */
  endChunk(signature: string | undefined): void;
  /** The trailers as `name:value\n`, in their order; throws where this is not their signature. */
  endTrailers(text: string, signature: string | undefined): void;
}

export interface ChunkSigning {
  readonly key: Buffer;
  readonly scope: Scope;
  /** The signature of the request itself. */
  readonly seed: string;
}

export function openChunkSignatures({ key, scope, seed }: ChunkSigning): ChunkSignatures {
  let former = seed;
  let hash: Hash | undefined;

  function check(expected: string, signature: string | undefined): void {
    if (expected !== signature) {
      throw new S3Error('SignatureDoesNotMatch', { details: { SignatureProvided: signature ?? '' } });
    }
    former = expected;
  }

  return {
    update(data) {
      hash ??= createHash('sha256');
      hash.update(data);
    },
    endChunk(signature) {
      const digest = hash?.digest('hex') ?? sha256Hex('');
      hash = undefined;
      check(sign(key, scope, 'AWS4-HMAC-SHA256-PAYLOAD', [former, sha256Hex(''), digest]), signature);
    },
    endTrailers(text, signature) {
      check(sign(key, scope, 'AWS4-HMAC-SHA256-TRAILER', [former, sha256Hex(text)]), signature);
    },
  };
}
