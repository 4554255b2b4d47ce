import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { switches, switchNames } from '../../src/sink/editions/switches.ts';
import { openSinkRig, post } from './rig.ts';

const record = '[{"body":"hello"}]';
const gzip = { 'content-encoding': 'gzip' };

test("README's table of switches is the code's", () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| `sink.'));
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  const expected = switchNames.map((name) => {
    const { edition, values, default: initial, summary, reason, source } = switches[name];
    const shown = values.map((value) => (value === initial ? `**${value}**` : String(value))).join(', ');
    return ['', `\`sink.${name}\``, edition, shown, summary, `${reason} (${source})`, ''];
  });
  expect(cells).toEqual(expected);
});

test('sink.missingKey is the status where no key is sent', async () => {
  const statuses: number[] = [];
  for (const missingKey of [undefined, 401, 403, 404] as const) {
    await using rig = await openSinkRig(missingKey === undefined ? {} : { missingKey });
    statuses.push((await post(rig.sink.jsonUrl, record, { 'signoz-ingestion-key': '' })).status);
  }
  expect(statuses).toEqual([401, 401, 403, 404]);
});

test('sink.jsonCompression refuses compressed bodies on /logs/json, and there only', async () => {
  const body = gzipSync(record);
  const answers: (readonly [number, string])[] = [];
  for (const jsonCompression of ['accept', 'refuse-400', 'refuse-415'] as const) {
    await using rig = await openSinkRig({ jsonCompression });
    const { status, body: text } = await post(rig.sink.jsonUrl, body, gzip);
    answers.push([status, text.toString()]);
    const otlp = await post(rig.sink.otlpUrl, gzipSync('{}'), { ...gzip, 'content-type': 'application/json' });
    expect(otlp.status).toBe(200);
    expect((await post(rig.sink.jsonUrl, record)).status).toBe(200);
  }
  expect(answers).toEqual([
    [200, ''],
    [400, 'unsupported Content-Encoding: gzip\n'],
    [415, 'unsupported Content-Encoding: gzip\n'],
  ]);
});

test('sink.sizeCounted: 16 MB on the wire, or of the decoded body', async () => {
  const large = gzipSync(`[{"body":"${'a'.repeat(17_000_000)}"}]`);
  const statuses: number[] = [];
  for (const sizeCounted of ['wire', 'decoded'] as const) {
    await using rig = await openSinkRig({ sizeCounted });
    statuses.push((await post(rig.sink.jsonUrl, large, gzip)).status);
  }
  expect(statuses).toEqual([200, 413]);
});
