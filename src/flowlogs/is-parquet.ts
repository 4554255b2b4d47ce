// Parquet by its first bytes, apart from its reader, which is loaded only where there is some.

/** Whether the bytes begin as Parquet does (apache/parquet-format, "File format"). */
export function isParquet(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x41 && bytes[2] === 0x52 && bytes[3] === 0x31;
}
