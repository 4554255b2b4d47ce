// The Range header: RFC 9110, section 14. S3 serves one range ("GetObject", Amazon S3 API Reference) and ignores what it
// cannot read, several ranges among it.

import { S3Error } from './errors.ts';

/** Bytes [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The range asked for; undefined means the whole object. Throws InvalidRange where no byte of it exists. */
export function parseRange(text: string | undefined, sizeBytes: number): ByteRange | undefined {
  if (text === undefined) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/i.exec(text.trim());
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  // `-N`: the last N bytes, or all where the object is shorter.
  if (first === '') return existing({ start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes }, text, sizeBytes);
  if (last !== '' && Number(last) < Number(first)) return undefined;
  const end = last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  return existing({ start: Number(first), end }, text, sizeBytes);
}

function existing(range: ByteRange, text: string, sizeBytes: number): ByteRange {
  if (range.start < range.end) return range;
  throw new S3Error('InvalidRange', { details: { RangeRequested: text, ActualObjectSize: String(sizeBytes) } });
}
