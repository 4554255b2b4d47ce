// differences.ndjson in a run's folder: each record that was lost, altered, doubled or unexpected, a line of JSON each. There is no file
// where nothing differs.

import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { Difference } from '../oracle/index.ts';
import { writing } from './folder.ts';

export interface DifferencesFile extends Disposable {
  add(difference: Difference): void;
}

/** Lines are written so many characters at a time. */
const bufferLength = 65_536;

/** Takes the place of the list of an earlier judgement. */
export function openDifferences(folder: string): DifferencesFile {
  const path = join(folder, 'differences.ndjson');
  rmSync(path, { force: true });
  let text = '';
  let file: number | undefined;

  function flush(): void {
    const bytes = Buffer.from(text);
    text = '';
    writing(path, () => {
      file ??= openSync(path, 'w', 0o600);
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    });
  }

  return {
    add(difference) {
      text += `${JSON.stringify(difference)}\n`;
      if (text.length >= bufferLength) flush();
    },
    [Symbol.dispose]() {
      if (text !== '') flush();
      if (file !== undefined) closeSync(file);
    },
  };
}
