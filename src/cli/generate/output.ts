// What takes generated files: a folder, standard output, or a bucket of any S3.

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
