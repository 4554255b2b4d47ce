// An object of a corpus as a file on its way to the store, for faults to work on: its text, and how it is packed.

import { gzipSync } from 'node:zlib';

import { FlowrigError } from '../core/errors.ts';
import type { Corpus, CorpusObject } from '../core/model/corpus.ts';
import type { Duty, FileDraft } from './faults/kind.ts';
import { inflate, isGzip } from './inflate.ts';
import { isParquet } from './is-parquet.ts';

const duties: Readonly<Record<CorpusObject['condition'], Duty>> = {
  intact: 'owed',
  overwritten: 'optional',
  damaged: 'reported',
  empty: 'nothing',
};

/** The object untouched: packed as it is, its bytes are the object's own. */
export async function draftOf(corpus: Corpus, object: CorpusObject): Promise<FileDraft> {
  const bytes = Buffer.from(await corpus.body(object));
  if (isParquet(bytes)) return parquetDraft(bytes, object);
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

/** The rows as lines below a header. Other lines are not written back: numbers are numbers there, and lines have no ends. */
async function parquetDraft(bytes: Buffer, { key, fields, condition }: CorpusObject): Promise<FileDraft> {
  const { bytesBuffer, openParquet } = await import('./parquet/read.ts');
  const lines = [fields.join(' ')];
  if (condition !== 'damaged') {
    const file = await openParquet(bytesBuffer(bytes));
    await file.readRows((values) => void lines.push(values.join(' ')));
  }
  const text = Buffer.from(`${lines.join('\n')}\n`);
  return {
    key,
    fields,
    hasHeader: true,
    text,
    pack(changed) {
      if (changed === text) return bytes;
      const message = `A fault changes the text of ${key}, which is Parquet and has none. Choose text objects, or set objects.file: text.`;
      throw new FlowrigError('bad-scenario', message);
    },
    owes: duties[condition],
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
