import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { defaultFormat } from '../../src/flowlogs/fields.ts';
import { replayedCorpus } from '../../src/flowlogs/replay.ts';
import { scannedLines } from './read-lines.ts';

const root = join(import.meta.dirname, '..', '..');
const fixture = (name: string): string => join(root, 'test', 'fixtures', name);
const shipped = (name: string): string => join(root, 'scenarios', 'files', name);

function replay(name: string) {
  const path = shipped(name);
  return replayedCorpus({ files: [{ path, read: () => readFile(path) }], fields: defaultFormat, startMs: 0 });
}

test('the shipped files are the fixtures whose sources are written down', () => {
  for (const name of ['aws-examples.log', 'header-only.log.gz']) {
    expect(readFileSync(shipped(name)).equals(readFileSync(fixture(name)))).toBe(true);
  }
});

test('each example record of AWS is replayed as published, NODATA, SKIPDATA and IPv6 among them', async () => {
  const corpus = await replay('aws-examples.log');
  const object = corpus.objects[0]!;
  const { lines, counts } = await scannedLines(corpus, object);
  expect(counts).toEqual({ data: 7, header: 1, blank: 0 });
  expect(lines).toEqual(
    readFileSync(fixture('aws-examples.log'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((text, i) => [i + 2, text]),
  );
  expect(lines.every(([, text]) => text.split(' ').length === 14)).toBe(true);
  expect(object).toMatchObject({
    fields: defaultFormat,
    condition: 'intact',
    slotEndMs: Date.UTC(2016, 9, 31, 11, 40),
  });
  expect(object.key).toBe('AWSLogs/123456789012/vpcflowlogs/us-east-1/2016/10/31/aws-examples.log');
});

test('the file without records holds its header line', async () => {
  expect(gunzipSync(readFileSync(fixture('header-only.log.gz'))).toString()).toBe(`${defaultFormat.join(' ')}\n`);
  const corpus = await replay('header-only.log.gz');
  expect(corpus).toMatchObject({ lineCount: 0, objects: [{ condition: 'empty', lineCount: 0 }] });
});
