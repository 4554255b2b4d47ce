// `flowrig inspect`: what it says of files, AWS's, ours and broken ones, by its exit code and its output.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';

import type { InspectedFile } from '../../src/cli/inspect/read-file.ts';
import { openCorpus } from '../flowlogs/read-lines.ts';
import { testFolder } from './test-host.ts';

const folder = testFolder();
afterAll(() => folder[Symbol.asyncDispose]());

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function inspect(...paths: string[]): Promise<{ exitCode: number; files: InspectedFile[]; stderr: string }> {
  const { exitCode, stdout, stderr } = await folder.flowrig('inspect', '--json', ...paths);
  const files = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as InspectedFile);
  return { exitCode, files, stderr };
}

const rulesOf = ({ files }: { files: InspectedFile[] }): string[] =>
  files.flatMap(({ violations }) => violations.map(({ rule }) => rule));

const header =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const record =
  '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK';

/** Amazon VPC User Guide, "Flow log record examples": formats as the page says them, values as it prints them. */
const published = {
  'tcp-flags.log': `version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status
3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43416 5001 52.213.180.42 10.0.0.62 6 568 8 1566848875 1566848933 ACCEPT 2 OK
3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43416 10.0.0.62 52.213.180.42 6 376 7 1566848875 1566848933 ACCEPT 18 OK
3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43418 10.0.0.62 52.213.180.42 6 63388 1219 1566848933 1566849113 ACCEPT 1 OK
3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43418 5001 52.213.180.42 10.0.0.62 6 23294588 15774 1566848933 1566849113 ACCEPT 1 OK
3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 52.213.180.42 10.0.0.62 43638 5001 52.213.180.42 10.0.0.62 6 1260 17 1566933133 1566933193 ACCEPT 3 OK
3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 eni-1235b8ca123456789 123456789010 IPv4 10.0.0.62 52.213.180.42 5001 43638 10.0.0.62 52.213.180.42 6 967 14 1566933133 1566933193 ACCEPT 19 OK
`,
  'nat-gateway.log': `instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr
- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5
- eni-1235b8ca123456789 10.0.0.220 203.0.113.5 10.0.0.220 203.0.113.5
- eni-1235b8ca123456789 203.0.113.5 10.0.0.220 203.0.113.5 10.0.0.220
- eni-1235b8ca123456789 10.0.0.220 10.0.1.5 203.0.113.5 10.0.1.5
`,
  'regional-nat-gateway.log': `resource-id instance-id interface-id subnet-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr
nat-1234567890abcdef - - - 10.0.1.5 203.0.113.5 10.0.1.5 203.0.113.5
nat-1234567890abcdef - - - 107.22.182.139 203.0.113.5 107.22.182.139 203.0.113.5
`,
  'service-and-path.log': `version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id vpc-id subnet-id instance-id interface-id region az-id sublocation-type sublocation-id action tcp-flags pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service traffic-path flow-direction log-status
5 52.95.128.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 19 52.95.128.179 10.0.0.71 S3 - - ingress OK
5 10.0.0.71 52.95.128.179 34210 80 6 1616729292 1616729349 IPv4 7 471 123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT 3 10.0.0.71 52.95.128.179 - S3 8 egress OK
`,
};

test('AWS’s published examples keep every rule, in each of their formats', async () => {
  const files = Object.entries(published).map(([name, text]) => put(`aws/${name}`, text));
  const { exitCode, files: seen } = await inspect(join(import.meta.dirname, '../fixtures/aws-examples.log'), ...files);
  expect(seen.map(({ violations }) => violations)).toEqual([[], [], [], [], []]);
  expect(seen.map(({ records }) => records)).toEqual([7, 6, 4, 2, 2]);
  expect(exitCode).toBe(0);
});

test('what the generator writes keeps every rule, and is told in numbers that are exact', async () => {
  const corpus = openCorpus({ records: 3000, nodata: 0.1, skipdata: 0.01, reject: 0.5 });
  for (const object of corpus.objects) put(`generated/${object.key}`, await corpus.body(object));
  const { exitCode, files } = await inspect('generated');
  expect(files.flatMap(({ violations }) => violations)).toEqual([]);
  const sum = (pick: (file: InspectedFile) => number | undefined): number =>
    files.reduce((total, file) => total + (pick(file) ?? 0), 0);
  expect([exitCode, files.length, sum(({ records }) => records)]).toEqual([0, 3, 3000]);
  expect([sum(({ byStatus }) => byStatus['NODATA']), sum(({ byStatus }) => byStatus['SKIPDATA'])]).toEqual([300, 30]);
  expect([sum(({ byAction }) => byAction['REJECT']), files[0]!.encoding]).toEqual([1335, 'gzip']);
});

/** Changes one value of the record of the default format. */
const set = (field: string, value: string): string =>
  record
    .split(' ')
    .map((before, i) => (header.split(' ')[i] === field ? value : before))
    .join(' ');
const unmeasured = '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA';

const v5 = published['service-and-path.log'].split('\n');
const of5 = (line: number, ...changes: [from: string, to: string][]): string =>
  `${v5[0]}\n${changes.reduce((text, [from, to]) => text.replace(from, to), v5[line]!)}\n`;

const planted: readonly [rule: string, file: string, line: number][] = [
  ['blank-line', `${header}\n${record}\n\n${record}\n`, 3],
  ['carriage-return', `${header}\n${record}\r\n`, 2],
  ['separator', `${header}\n${record.replace(' 22 ', '  22 ')}\n`, 2],
  ['separator', `${header}\n${record.replace(' 22 ', '\t22 ')}\n`, 2],
  ['not-ascii', `${header}\n${record}\n${set('interface-id', 'eni-é')}\n`, 3],
  ['value-count', `${header}\n${record} more\n`, 2],
  ['no-header', `a,b,c\n`, 1],
  ['field-unknown', `${header} future-field\n`, 1],
  ['field-repeated', `${header} start\n`, 1],
  ['version-of-format', `${header}\n${set('version', '3')}\n`, 2],
  ['version-value', `${header}\n${set('version', '12')}\n`, 2],
  ['account-id-value', `${header}\n${set('account-id', '1234')}\n`, 2],
  ['interface-id-value', `${header}\n${set('interface-id', 'eni-xyz')}\n`, 2],
  ['srcaddr-value', `${header}\n${set('srcaddr', '172.31.16.256')}\n`, 2],
  ['dstport-value', `${header}\n${set('dstport', '70000')}\n`, 2],
  ['protocol-value', `${header}\n${set('protocol', 'tcp')}\n`, 2],
  ['bytes-value', `${header}\n${set('bytes', '-5')}\n`, 2],
  ['start-value', `${header}\n${set('start', '1418530010000')}\n`, 2],
  ['end-missing', `${header}\n${set('end', '-')}\n`, 2],
  ['action-value', `${header}\n${set('action', 'DENY')}\n`, 2],
  ['log-status-value', `${header}\n${set('log-status', 'ok')}\n`, 2],
  [
    'unmeasured-with-value',
    `${header}\n${unmeasured.replace('eni-1235b8ca123456789 -', 'eni-1235b8ca123456789 10.0.0.1')}\n`,
    2,
  ],
  ['ok-without-value', `${header}\n${set('dstaddr', '-')}\n`, 2],
  ['bytes-missing', `${header}\n${set('bytes', '-')}\n`, 2],
  ['no-packets', `${header}\n${set('packets', '0')}\n`, 2],
  ['bytes-per-packet', `${header}\n${set('bytes', '30')}\n`, 2],
  ['bytes-per-packet', `${header}\n${set('bytes', '799')}\n`, 2],
  [
    'bytes-per-packet',
    `${header}\n${record.replace('172.31.16.139 172.31.16.21', '2600:1f18::1 2600:1f18::2').replace(' 20 4249 ', ' 20 1199 ')}\n`,
    2,
  ],
  ['window-backwards', `${header}\n${set('end', '1418530009')}\n`, 2],
  ['window-too-long', `${header}\n${set('end', '1418530611')}\n`, 2],
  ['icmp-with-port', `${header}\n${set('protocol', '1')}\n`, 2],
  ['icmp-of-other-family', `${header}\n${record.replace('20641 22 6', '0 0 58')}\n`, 2],
  ['addresses-of-two-families', `${header}\n${set('dstaddr', '::1')}\n`, 2],
  ['never-logged', `${header}\n${set('dstaddr', '169.254.169.254')}\n`, 2],
  ['never-logged', `${header}\n${record.replace('20641 22 6', '68 67 17')}\n`, 2],
  ['tcp-flags-impossible', of5(1, ['ACCEPT 19', 'ACCEPT 16']), 2],
  ['flags-without-tcp', of5(1, ['34210 6', '34210 17']), 2],
  ['path-of-ingress', of5(1, ['S3 - - ingress', 'S3 - 8 ingress']), 2],
  ['service-of-private-address', of5(1, ['S3 - - ingress', 'S3 EC2 - ingress']), 2],
  ['sublocation-in-part', of5(1, ['apse2-az3 - -', '- - wlz-1']), 2],
  ['type-of-other-family', of5(1, ['IPv4', 'IPv6']), 2],
  ['traffic-path-value', of5(2, ['S3 8', 'S3 9']), 2],
  ['region-value', of5(2, ['ap-southeast-2', 'Sydney']), 2],
  ['reason-of-accepted', `${header} reject-reason\n${set('version', '8')} BPA\n`, 2],
];

test.each(planted)('the rule %s is named where a line breaks it', async (rule, text, line) => {
  const { exitCode, files } = await inspect(put('planted.log', text));
  const found = files[0]!.violations.find((violation) => violation.rule === rule);
  expect([exitCode, found?.count, found?.places[0]?.line]).toEqual([1, 1, line]);
  expect(files[0]!.violations.map((violation) => violation.rule)).toContain(rule);
});

test('each planted line breaks one rule and no other, but what follows from an odd count or name', async () => {
  const loud = new Set(['not-ascii', 'field-unknown', 'field-repeated', 'no-header']);
  for (const [rule, text] of planted) {
    if (loud.has(rule)) continue;
    expect([rule, rulesOf(await inspect(put('planted.log', text)))]).toEqual([rule, [rule]]);
  }
});

test('damage, wrong suffixes and wrong names are told of the file as a whole', async () => {
  const zipped = gzipSync(`${header}\n${`${record}\n`.repeat(1000)}`);
  const name = '123456789012_vpcflowlogs_us-east-1_fl-0dcbf7c4c2483c6b6_20260101T0007Z_55a7d2af.log.gz';
  const cut = await inspect(put('cut.log.gz', zipped.subarray(0, -20)));
  const crc = await inspect(put('crc.log.gz', Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8, 1)])));
  const plain = await inspect(put('plain.log.gz', `${header}\n${record}\n`));
  const named = await inspect(put(name, zipped));
  expect([cut, crc, plain, named].map(rulesOf)).toEqual([
    ['gzip-damaged'],
    ['gzip-damaged'],
    ['suffix'],
    ['file-name'],
  ]);
  expect([cut.exitCode, crc.exitCode]).toEqual([1, 1]);
  expect((await inspect(put(name.replace('T0007Z', 'T0005Z'), zipped))).exitCode).toBe(0);
});

test('Parquet is read by its columns, and a column of another type than AWS’s is told', async () => {
  const corpus = openCorpus({ records: 500, nodata: 0.1, skipdata: 0, file: 'parquet' });
  const bytes = await corpus.body(corpus.objects[0]!);
  const ours = await inspect(put('ours.log.parquet', bytes));
  expect([ours.exitCode, ours.files[0]!.encoding, ours.files[0]!.byStatus]).toEqual([
    0,
    'parquet',
    { OK: 450, NODATA: 50 },
  ]);
  const cut = await inspect(put('cut.parquet', bytes.subarray(0, -9)));
  const typed = parquetWriteBuffer({
    columnData: [
      { name: 'protocol', data: ['6', 'tcp'] },
      { name: 'what', data: ['x', 'y'] },
    ],
  });
  const strange = await inspect(put('strange.parquet', Buffer.from(typed)));
  expect([rulesOf(cut), rulesOf(strange)]).toEqual([
    ['parquet-damaged'],
    ['column-type', 'field-unknown', 'protocol-value'],
  ]);
});

test('a file without a header is read as the default format, as CloudWatch keeps flow logs', async () => {
  const { exitCode, files } = await inspect(put('bare.log', `${record}\n${unmeasured}`));
  expect([exitCode, files[0]!.hasHeader, files[0]!.records]).toEqual([0, false, 2]);
});

test('an endless line is told, and takes no memory', async () => {
  const text = Buffer.concat([
    Buffer.from(`${header}\n${record}\n`),
    Buffer.alloc(40_000_000, 'x'),
    Buffer.from(`\n${record}\n`),
  ]);
  const { exitCode, files } = await inspect(put('endless.log.gz', gzipSync(text, { level: 1 })));
  expect([exitCode, files[0]!.records]).toEqual([1, 2]);
  expect(files[0]!.violations).toMatchObject([{ rule: 'line-too-long', places: [{ line: 3 }] }]);
});

test('people read shares, ports and the first lines that break a rule', async () => {
  const people = put('people.log', `${header}\n${record}\n${`${set('action', 'DENY')}\n`.repeat(7)}`);
  const { exitCode, stdout } = await folder.flowrig('inspect', people);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('status: OK 8 (100.0 %)\n');
  expect(stdout).toContain('ports: 22 (8)\n');
  expect(stdout).toContain('✗ action-value: action is one of ACCEPT, REJECT\n      line 3: action "DENY"\n');
  expect(stdout).toMatch(/and 2 more\n\n1 file, 8 records: 1 rule of AWS’s format is broken, in 1 file\n$/);
});

test('words of a file that is no flow log steer no terminal and fill none', async () => {
  const strange = `${set('action', '\u001b[2J\u0007')}\n${set('log-status', 'x'.repeat(5000))}\n`;
  const { stdout } = await folder.flowrig('inspect', put('strange.log', `${header}\n${strange}`));
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  expect(stdout.length).toBeLessThan(3000);
  const { files } = await inspect('strange.log');
  expect(files[0]!.byStatus).toEqual({ OK: 1, others: 1 });
});

test('a pipe is read as a file is, but for Parquet, and an empty folder is told', async () => {
  const pipes = ['gzip', 'parquet'].map((name) => join(folder.path, name));
  for (const path of pipes) execFileSync('mkfifo', [path]);
  const [zipped, columns] = pipes as [string, string];
  const corpus = openCorpus({ records: 300, file: 'parquet' });
  const bytes = await corpus.body(corpus.objects[0]!);
  const [seen] = await Promise.all([inspect(zipped), writeFile(zipped, gzipSync(`${header}\n${record}\n`))]);
  expect([rulesOf(seen), seen.files[0]!.records]).toEqual([[], 1]);
  const [refused] = await Promise.all([inspect(columns), writeFile(columns, bytes).catch(() => undefined)]);
  expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('which is read from its end')]);
  mkdirSync(join(folder.path, 'nothing'));
  expect((await inspect('nothing')).stderr).toContain('nothing: there is no file in this folder.');
});

test('a file that is not there is a mistake of usage', async () => {
  const { exitCode, stderr } = await inspect('nowhere/*.log');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('nowhere/*.log: there is no such file below');
});
