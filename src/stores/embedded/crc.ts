// The two CRCs that Node does not bring: CRC-32C (RFC 3720, appendix B.4) and CRC-64/NVME (NVM Express NVM Command Set
// Specification, section 5.2.1.3.4). Both reflected, a byte at a time by table; CRC-32 itself is zlib's.

const crc32cTable = makeCrc32cTable();
const crc64Tables = makeCrc64Tables();

function makeCrc32cTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = i;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    table[i] = value;
  }
  return table;
}

/** Continues a CRC-32C; starts with 0. */
export function crc32c(chunk: Uint8Array, previous: number): number {
  let crc = ~previous;
  for (let i = 0; i < chunk.length; i++) crc = (crc >>> 8) ^ crc32cTable[(crc ^ chunk[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** High and low words apart: BigInt would cost an allocation a byte. */
function makeCrc64Tables(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = BigInt(i);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    high[i] = Number(value >> 32n);
    low[i] = Number(value & 0xffffffffn);
  }
  return { high, low };
}

/** A running CRC-64/NVME; the words hold the inverted register. */
export interface Crc64 {
  high: number;
  low: number;
}

export function newCrc64(): Crc64 {
  return { high: 0xffffffff, low: 0xffffffff };
}

export function updateCrc64(crc: Crc64, chunk: Uint8Array): void {
  let { high, low } = crc;
  const tables = crc64Tables;
  for (let i = 0; i < chunk.length; i++) {
    const at = (low ^ chunk[i]!) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ tables.low[at]!;
    high = (high >>> 8) ^ tables.high[at]!;
  }
  crc.high = high;
  crc.low = low;
}

/** The eight bytes, most significant first, as S3 sends them. */
export function crc64Bytes(crc: Crc64): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(~crc.high >>> 0, 0);
  bytes.writeUInt32BE(~crc.low >>> 0, 4);
  return bytes;
}
