// What faults of compressed bytes ask of a file.

import { FlowrigError } from '../../core/errors.ts';
import { isGzip } from '../inflate.ts';

/** Throws where the bytes are no gzip: what is cut, changed or appended there nobody could tell from text. */
export function requireGzip(bytes: Buffer, key: string, fault: string): Buffer {
  if (isGzip(bytes)) return bytes;
  throw new FlowrigError(
    'bad-scenario',
    `${fault} strikes ${key}, which is no gzip: nobody could tell that its text is not as it was. Choose gzipped objects by share or nth.`,
  );
}
