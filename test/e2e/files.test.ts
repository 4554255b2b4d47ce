// The user's own files, as they come: CRLF, no last newline, several gzip members. Promises say what is owed of them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import type { RunResult } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { pipeline, scenarioOf, zooForwarders } from './situation.ts';

const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const record = (port: number, action: string): string =>
  `2 123456789012 eni-0a1b2c3d4e5f60718 10.0.0.5 10.0.1.9 ${port} 443 6 10 5200 1767225600 1767225660 ${action} OK`;
const nodata = '2 123456789012 eni-0a1b2c3d4e5f60718 - - - - - - - 1767225600 1767225660 - NODATA';

/** 7 records: 3 rejected, 3 accepted, one NODATA line. */
function writeFiles(folder: string): void {
  const crlf = [header, record(1001, 'ACCEPT'), record(1002, 'REJECT'), '', nodata].join('\r\n');
  writeFileSync(join(folder, 'plain.log'), crlf);
  const accepted = record(1004, 'ACCEPT');
  // The second member begins in mid-line, and the last one ends without a newline.
  const members = [
    `${header}\n${record(1003, 'REJECT')}\n${accepted.slice(0, 40)}`,
    `${accepted.slice(40)}\n${record(1005, 'ACCEPT')}\n`,
    record(1006, 'REJECT'),
  ];
  writeFileSync(join(folder, 'members.log.gz'), Buffer.concat(members.map((text) => gzipSync(text))));
}

const keepsRejects = `
import { newHandler, readLines } from ${JSON.stringify(pipeline)};
export const handler = newHandler({
  readLines: async (bucket, key) => (await readLines(bucket, key)).map((line) => line.trim()),
  select: (lines) => lines.filter((line) => line.split(' ')[12] === 'REJECT'),
});
`;

test('files with CRLF, without a last newline and of several gzip members arrive whole by a right forwarder', async () => {
  await using folder = testFolder();
  writeFiles(folder.path);
  const traffic = { files: ['./plain.log', './members.log.gz'] };
  folder.write('all.yaml', scenarioOf('builtin:forwarder', { traffic }));
  folder.write('raw.yaml', scenarioOf(join(zooForwarders, 'right-raw-body.mjs'), { traffic }));
  for (const name of ['all.yaml', 'raw.yaml']) {
    const { exitCode, stdout } = await folder.flowrig('run', name, '--json', '--quiet');
    const result = JSON.parse(stdout) as RunResult;
    expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
    expect(result.tally).toMatchObject({ expected: 7, delivered: 7, notOwed: 0 });
    expect(result.corpus).toMatchObject({ lines: 7, objects: 2 });
    expect(exitCode).toBe(0);
  }
});

test('a forwarder that keeps rejected flows only passes where that is promised, and fails where it is not', async () => {
  await using folder = testFolder();
  writeFiles(folder.path);
  folder.write('rejects.mjs', keepsRejects);
  const traffic = { files: ['./*.log', './*.log.gz'] };
  folder.write(
    'promised.yaml',
    scenarioOf('./rejects.mjs', { traffic, promises: { keep: 'action = REJECT', nodata: 'drop' } }),
  );
  folder.write('unpromised.yaml', scenarioOf('./rejects.mjs', { traffic }));
  const told = await folder.flowrig('run', 'promised.yaml', 'unpromised.yaml', '--json', '--quiet');
  const [promised, unpromised] = told.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunResult);
  expect(promised!.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(promised!.tally).toMatchObject({ expected: 3, delivered: 3, notOwed: 4 });
  expect(unpromised!.tally).toMatchObject({ expected: 7, delivered: 3, missing: 4 });
  const lost = unpromised!.verdict.findings.find(({ id }) => id === 'lost-records');
  expect(lost?.witnesses.map(({ key, line, text }) => [key!.split('/').at(-1), line, text])).toEqual([
    ['plain.log', 2, `${record(1001, 'ACCEPT')}\r`],
    ['plain.log', 5, nodata],
    ['members.log.gz', 3, record(1004, 'ACCEPT')],
    ['members.log.gz', 4, record(1005, 'ACCEPT')],
  ]);
  expect(told.exitCode).toBe(1);
});
