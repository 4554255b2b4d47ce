// LZ4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md) as pierrec/lz4 v4 reads them (reader.go, internal/lz4stream): opened late,
// frames joined, checksums checked; a body that ends where a block or a frame could end is a whole one. Our own, because lz4js
// checks no checksum and no offset and bounds no output, and lz4 is a native addon. Frames of the format before 1.0 are refused.

import { DecodeError } from '../decode-error.ts';
import { cutShort, tooLarge, type Coding } from './coding.ts';
import { decodeLz4Block } from './lz4-block.ts';
import { xxh32 } from './xxh32.ts';

export const lz4: Coding = {
  opensEarly: false,
  open: () => undefined,
  decode: (body, limitBytes) => new Lz4Reader(body, limitBytes).read(),
};

const frameMagic = 0x184d2204;
/** Stands before data to be skipped; the last byte is free here, of which the format defines 16 values. */
const skipMagic = 0x184d2a50;

/** Of the block sizes 4 to 7. */
const blockLimitBytes = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];

interface Frame {
  readonly blockLimitBytes: number;
  readonly blocksAreIndependent: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasTextChecksum: boolean;
}

/** The body ended where pierrec/lz4 sees Go's io.EOF, and so a whole body. */
class EndOfBody extends Error {}

class Lz4Reader {
  private readonly body: Uint8Array;
  private readonly limitBytes: number;
  private at = 0;
  private text = Buffer.allocUnsafe(0);
  private sizeBytes = 0;

  constructor(body: Uint8Array, limitBytes: number) {
    this.body = body;
    this.limitBytes = limitBytes;
  }

  read(): Uint8Array {
    try {
      for (;;) this.frame();
    } catch (error) {
      if (!(error instanceof EndOfBody)) throw error;
    }
    return this.text.subarray(0, this.sizeBytes);
  }

  private frame(): void {
    const magic = this.number();
    if (magic >>> 8 === skipMagic >>> 8) {
      this.skip(this.number());
      return;
    }
    if (magic !== frameMagic) throw new DecodeError('lz4: bad magic number');
    const frame = this.descriptor();
    const start = this.sizeBytes;
    try {
      while (this.block(frame, start));
    } catch (error) {
      if (!(error instanceof EndOfBody)) throw error;
    }
    if (!frame.hasTextChecksum) return;
    const stated = this.number();
    expectChecksum('frame', xxh32(this.text.subarray(start, this.sizeBytes)), stated);
  }

  private descriptor(): Frame {
    const start = this.at;
    const [flags, sizes] = this.take(3);
    if (flags! & 8) this.take(8);
    const checked = this.body.subarray(start, this.at - 1);
    expectChecksum('header', (xxh32(checked) >>> 8) & 0xff, this.body[this.at - 1]!);
    const limit = blockLimitBytes[((sizes! >> 4) & 7) - 4];
    if (limit === undefined) throw invalidBlockSize();
    return {
      blockLimitBytes: limit,
      blocksAreIndependent: (flags! & 0x20) !== 0,
      hasBlockChecksums: (flags! & 0x10) !== 0,
      hasTextChecksum: (flags! & 4) !== 0,
    };
  }

  /** Adds the text of a block; false at the mark that ends the frame. */
  private block(frame: Frame, frameStart: number): boolean {
    const head = this.number();
    if (head === 0) return false;
    const sizeBytes = head & 0x7fffffff;
    if (sizeBytes > frame.blockLimitBytes) throw invalidBlockSize();
    const data = this.take(sizeBytes);
    const stated = frame.hasBlockChecksums ? this.number() : undefined;
    this.makeRoom(frame.blockLimitBytes);
    const room = this.text.subarray(0, this.sizeBytes + frame.blockLimitBytes);
    if (head >= 0x80000000) {
      room.set(data, this.sizeBytes);
      this.sizeBytes += sizeBytes;
    } else {
      const earliest = frame.blocksAreIndependent ? this.sizeBytes : frameStart;
      this.sizeBytes = decodeLz4Block(data, room, { at: this.sizeBytes, earliest });
    }
    if (stated !== undefined) expectChecksum('block', xxh32(data), stated);
    if (this.sizeBytes > this.limitBytes) throw tooLarge();
    return true;
  }

  private makeRoom(sizeBytes: number): void {
    const needed = this.sizeBytes + sizeBytes;
    if (needed <= this.text.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.text.length * 2));
    larger.set(this.text.subarray(0, this.sizeBytes));
    this.text = larger;
  }

  private number(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  /** As Go's io.ReadFull: nothing at all is an end, less than asked for is a cut. */
  private take(count: number): Uint8Array {
    const bytes = this.body.subarray(this.at, this.at + count);
    if (bytes.length === 0 && count > 0) throw new EndOfBody();
    if (bytes.length < count) throw cutShort();
    this.at += count;
    return bytes;
  }

  private skip(count: number): void {
    if (this.at + count > this.body.length) throw new EndOfBody();
    this.at += count;
  }
}

function expectChecksum(of: 'header' | 'block' | 'frame', found: number, stated: number): void {
  if (found === stated) return;
  throw new DecodeError(`lz4: invalid ${of} checksum: got ${found.toString(16)}; expected ${stated.toString(16)}`);
}

function invalidBlockSize(): DecodeError {
  return new DecodeError('lz4: invalid block size');
}
