// What names the code under test in a result: equal hashes, equal code.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import path from 'node:path';

/** SHA-256 (hex) of a file, or of a folder's files by path and content; links are followed, node_modules counts as well. */
export async function hashCode(code: string): Promise<string> {
  const hash = createHash('sha256');
  if ((await stat(code)).isFile()) {
    for await (const chunk of createReadStream(code)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }
  const files: string[] = [];
  for await (const file of glob('**/*', { cwd: code })) {
    if ((await stat(path.join(code, file)).catch(() => undefined))?.isFile()) files.push(file);
  }
  for (const file of files.toSorted()) {
    hash.update(`${file}\0`);
    for await (const chunk of createReadStream(path.join(code, file))) hash.update(chunk as Buffer);
    hash.update('\0');
  }
  return hash.digest('hex');
}
