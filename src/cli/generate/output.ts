// Where generated files go: a folder, standard output, or a bucket of any S3. One opener each.

import type { Host } from '../../core/host.ts';
import { openBucket } from './bucket.ts';
import { openFolder } from './folder.ts';
import { openStandardOutput } from './standard-output.ts';

/** Takes the files in order. */
export interface Output extends AsyncDisposable {
  /** For people: `below /tmp/out`. */
  readonly where: string;
  /** Resolves when there is room for the next one, which may be before this one has arrived. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Resolves when every file has arrived. */
  finish(): Promise<void>;
}

export interface OutputOptions {
  readonly force?: boolean;
  readonly endpoint?: string;
}

/** Throws `bad-usage` for a place that is none, and `folder-not-empty`. */
export async function openOutput(host: Host, out: string, options: OutputOptions): Promise<Output> {
  if (out === '-') return openStandardOutput(host);
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(out)) return openBucket(host, out, options);
  return openFolder(host, out, options);
}
