// Where generated files go, by what --out says: one opener each.

import type { Host } from '../../core/host.ts';
import { openBucket } from './bucket.ts';
import { openFolder } from './folder.ts';
import type { Output, OutputOptions } from './output.ts';
import { openStandardOutput } from './standard-output.ts';

/** Throws `bad-usage` for a place that is none, and `folder-not-empty`. */
export async function openOutput(host: Host, out: string, options: OutputOptions): Promise<Output> {
  if (out === '-') return openStandardOutput(host);
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(out)) return openBucket(host, out, options);
  return openFolder(host, out, options);
}
