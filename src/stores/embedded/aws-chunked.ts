// The framing `aws-chunked`, in which the SDKs send a body whose checksum or signature follows it: "Signature calculations for
// the authorization header: transferring payload in multiple chunks", Amazon S3 API Reference. Lengths, framing and
// trailers are checked; signatures of chunks where those of requests are.

import { S3Error } from './errors.ts';
import type { ChunkSignatures } from './signing/chunk-signatures.ts';

/** Longest line of framing: a size with its signature, or one trailer. */
const maxLineBytes = 4096;

export interface AwsChunkedDecoder {
  /** Feeds bytes as received and hands on the data in them, as views where that wastes little memory. */
  decode(chunk: Uint8Array, onData: (data: Uint8Array) => void): void;
  /** Checks that the body ended where its framing says and returns the trailers, by lower-case name. */
  end(): ReadonlyMap<string, string>;
}

const trailerSignature = 'x-amz-trailer-signature';

type State = 'size' | 'data' | 'data-end' | 'trailer' | 'done';

export function openAwsChunkedDecoder(signatures?: ChunkSignatures): AwsChunkedDecoder {
  /** Of the running chunk. */
  let signature: string | undefined;
  let trailerText = '';
  const trailers = new Map<string, string>();
  let state: State = 'size';
  /** Of the running chunk. */
  let bytesLeft = 0;
  let line = '';

  /** Takes one line of framing, without its line end. */
  function onLine(): void {
    if (state === 'size') {
      const size = /^([0-9a-f]{1,9})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
      if (!size) throw badFraming(`"${line.slice(0, 40)}" is no chunk size`);
      bytesLeft = parseInt(size[1]!, 16);
      signature = size[2];
      state = bytesLeft > 0 ? 'data' : 'trailer';
      if (bytesLeft === 0) signatures?.endChunk(signature);
    } else if (state === 'data-end') {
      if (line !== '') throw badFraming('a chunk is longer than its size says');
      signatures?.endChunk(signature);
      state = 'size';
    } else if (line === '') {
      state = 'done';
    } else {
      const colon = line.indexOf(':');
      if (colon < 1) throw new S3Error('MalformedTrailerError');
      const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      trailers.set(name, value);
      if (name !== trailerSignature) trailerText += `${name}:${value}\n`;
    }
  }

  /** Reads up to the end of a line; returns where it stopped. */
  function readLine(chunk: Uint8Array, from: number): number {
    const end = chunk.indexOf(0x0a, from);
    line += Buffer.from(chunk.buffer, chunk.byteOffset + from, (end === -1 ? chunk.length : end) - from).toString(
      'latin1',
    );
    if (line.length > maxLineBytes) throw badFraming(`a line of framing is longer than ${maxLineBytes} bytes`);
    if (end === -1) return chunk.length;
    if (line.endsWith('\r')) line = line.slice(0, -1);
    onLine();
    line = '';
    return end + 1;
  }

  return {
    decode(chunk, onData) {
      for (let at = 0; at < chunk.length;) {
        if (state === 'done') throw badFraming('bytes follow the last chunk');
        if (state !== 'data') {
          at = readLine(chunk, at);
          continue;
        }
        const end = Math.min(chunk.length, at + bytesLeft);
        const data = chunk.subarray(at, end);
        signatures?.update(data);
        // A small view would keep the whole buffer that it lies in.
        onData(data.length * 2 < chunk.length ? data.slice() : data);
        bytesLeft -= end - at;
        at = end;
        if (bytesLeft === 0) state = 'data-end';
      }
    },
    end() {
      // AWS's example of signed chunks ends its last chunk with one line end, some clients with two.
      const isWhole = state === 'done' || (state === 'trailer' && line === '' && trailers.size === 0);
      if (!isWhole) throw badFraming('the body ended within a chunk');
      if (trailers.size > 0) signatures?.endTrailers(trailerText, trailers.get(trailerSignature));
      return trailers;
    },
  };
}

function badFraming(what: string): S3Error {
  return new S3Error('IncompleteBody', { message: `The request body terminated unexpectedly: ${what}.` });
}
