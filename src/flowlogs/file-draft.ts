// An object of a corpus as a file on its way to the store, for faults to work on: its text, and how it is packed.

import { gzipSync } from 'node:zlib';

import type { Corpus, CorpusObject } from '../core/model/corpus.ts';
import type { Duty, FileDraft } from './faults/kind.ts';
import { inflate, isGzip } from './inflate.ts';

const duties: Readonly<Record<CorpusObject['condition'], Duty>> = {
  intact: 'owed',
  overwritten: 'optional',
  damaged: 'reported',
  empty: 'nothing',
};

/** The object untouched: packed as it is, its bytes are the object's own. */
export async function draftOf(corpus: Corpus, object: CorpusObject): Promise<FileDraft> {
  const bytes = Buffer.from(await corpus.body(object));
  const isPacked = isGzip(bytes);
  const text = isPacked ? await inflated(bytes) : bytes;
  return {
    key: object.key,
    fields: object.fields,
    hasHeader: firstTokens(text).join(' ') === object.fields.join(' '),
    text,
    pack(changed) {
      if (changed === text) return bytes;
      return isPacked ? gzipSync(changed, { level: 1 }) : changed;
    },
    owes: duties[object.condition],
  };
}

async function inflated(bytes: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await inflate(bytes, (piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

/** The values of the first line that is not blank. */
function firstTokens(text: Buffer): string[] {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf(0x0a, start);
    const line = text.toString('latin1', start, end < 0 ? text.length : end);
    const tokens = line.split(/[ \t\r]+/).filter((token) => token !== '');
    if (tokens.length > 0) return tokens;
    start = end < 0 ? text.length : end + 1;
  }
  return [];
}
