import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { flowLine, flowLines, header, openRig } from './fixtures.ts';

const key = 'a.log.gz';
const text = (lines: readonly string[]): string => [header, ...lines, ''].join('\n');

/** Lines whose addresses do not compress, so that a cut falls amid many of them. */
function scatteredLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const word = Math.imul(i + 1, 0x9e37_79b1) >>> 0;
    return flowLine(i)
      .replace('10.0.', `${word & 255}.${(word >> 8) & 255}.`)
      .replace(' 443 ', ` ${word >>> 16} `);
  });
}

test('a gzip file cut off at rest gives its whole lines and fails the invocation', async () => {
  await using rig = await openRig();
  const lines = scatteredLines(10_000);
  const whole = gzipSync(text(lines));
  rig.put(key, whole.subarray(0, Math.floor(whole.length / 2)));
  await expect(rig.forward(key)).rejects.toThrow('The gzip data are damaged or cut off: unexpected end of file.');
  const bodies = rig.sink.bodies();
  expect(bodies.length).toBeGreaterThan(4000);
  expect(bodies).toEqual(lines.slice(0, bodies.length));
});

test.each([
  ['within its header', 3, 'The gzip data end within their header.'],
  ['behind its first byte', 1, 'The gzip data end within their header.'],
  ['before its trailer', -8, 'The gzip data are damaged or cut off: unexpected end of file.'],
  ['within its trailer', -1, 'The gzip data are damaged or cut off: unexpected end of file.'],
])('a gzip file cut off %s fails the invocation', async (_where, end, message) => {
  await using rig = await openRig();
  rig.put(key, gzipSync(text(flowLines(10))).subarray(0, end));
  await expect(rig.forward(key)).rejects.toThrow(message);
});

test('a wrong checksum fails the invocation', async () => {
  await using rig = await openRig();
  const body = gzipSync(text(flowLines(10)));
  body[body.length - 5]! ^= 1;
  rig.put(key, body);
  await expect(rig.forward(key)).rejects.toThrow('The gzip data are damaged or cut off: incorrect data check.');
});

test('a body cut in flight is continued where it stopped, of the same version', async () => {
  await using rig = await openRig();
  const lines = scatteredLines(10_000);
  rig.put(key, gzipSync(text(lines)));
  const cuts = [60_000, 1, 70_000];
  rig.s3.intercept = (nth, response, body) => {
    const cut = cuts[nth - 1];
    if (cut === undefined) return false;
    response.write(body.subarray(0, cut), () => response.destroy());
    return true;
  };
  expect(await rig.forward(key)).toEqual({ objects: 1, records: 10_000 });
  expect(rig.sink.bodies()).toEqual(lines);
  const starts = rig.s3.gets.map((get) => Number(/\d+/.exec(get.range ?? 'bytes=0-')![0]));
  expect(starts).toHaveLength(4);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(starts[1]).toBeGreaterThan(0);
});

test('a body that stands still is given up and continued', async () => {
  await using rig = await openRig();
  const lines = scatteredLines(5000);
  rig.put(key, gzipSync(text(lines)));
  rig.s3.intercept = (nth, response, body) => nth === 1 && response.write(body.subarray(0, 50_000));
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(lines);
  expect(rig.s3.gets).toHaveLength(2);
});

test('a body that never comes whole fails the invocation', async () => {
  await using rig = await openRig();
  rig.put(key, gzipSync(text(scatteredLines(5000))));
  rig.s3.intercept = (nth, response, body) => {
    response.write(nth === 1 ? body.subarray(0, 10_000) : '', () => response.destroy());
    return true;
  };
  await expect(rig.forward(key)).rejects.toThrow(
    /The body of s3:\/\/logs\/a\.log\.gz stopped at byte 10000 of \d+ and brought nothing more in 5 tries\./,
  );
});

test('a store without ranges is continued all the same', async () => {
  await using rig = await openRig();
  const lines = scatteredLines(5000);
  const whole = gzipSync(text(lines));
  rig.put(key, whole);
  rig.s3.intercept = (nth, response) => {
    response.statusCode = 200;
    response.removeHeader('content-range');
    response.setHeader('content-length', whole.length);
    if (nth === 1) response.write(whole.subarray(0, 50_000), () => response.destroy());
    else response.end(whole);
    return true;
  };
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual(lines);
});

test('an object overwritten while it is read fails the invocation', async () => {
  await using rig = await openRig();
  rig.put(key, gzipSync(text(scatteredLines(5000))));
  rig.s3.intercept = (_nth, response, body) => {
    response.write(body.subarray(0, 50_000), () => response.destroy());
    rig.s3.objects.get(`logs/${key}`)!.etag = 'etag-2';
    return true;
  };
  await expect(rig.forward(key)).rejects.toThrow('s3://logs/a.log.gz: ');
  await expect(rig.forward(key)).resolves.toEqual({ objects: 0, records: 0 });
});

test.each([
  [
    'several members, an empty one among them',
    [gzipSync(header + '\n'), gzipSync(flowLine(0) + '\n2 1234'), gzipSync(''), gzipSync(flowLine(1).slice(6) + '\n')],
  ],
  ['zeros after the last member', [gzipSync(text(flowLines(2))), Buffer.alloc(70_000)]],
  ['plain text under a gzip name', [Buffer.from(text(flowLines(2)))]],
  ['carriage returns', [gzipSync(text(flowLines(2)).replaceAll('\n', '\r\n'))]],
  ['no last line feed', [gzipSync(text(flowLines(2)).trimEnd())]],
  ['blank lines everywhere', [gzipSync(`\n \r\n${header}\n\n${flowLine(0)}\n   \n\t\n \t\r\n\n${flowLine(1)}\n\n\n`)]],
  ['no header', [gzipSync(flowLines(2).join('\n'))]],
])('a file with %s gives its records', async (_what, parts) => {
  await using rig = await openRig();
  rig.put(key, Buffer.concat(parts));
  expect(await rig.forward(key)).toEqual({ objects: 1, records: 2 });
  expect(rig.sink.records().map((record) => record.attributes['source.port'])).toEqual([1024n, 1025n]);
  expect(rig.sink.bodies()).toEqual(flowLines(2));
});

test.each([
  ['one value too few', (line: string) => line.replace(/ [^ ]+$/, '')],
  ['one value too many', (line: string) => `${line} surplus`],
  ['a tab between two values', (line: string) => line.replace(' ', '\t')],
])('a file without a header whose first line has %s is sent, that line as it stands', async (_what, change) => {
  await using rig = await openRig();
  const lines = [change(flowLine(0)), flowLine(1)];
  rig.put(key, lines.join('\n'));
  expect(await rig.forward(key)).toEqual({ objects: 1, records: 2 });
  expect(rig.sink.bodies()).toEqual(lines);
  expect(rig.sink.records()[1]!.attributes['source.port']).toBe(1025n);
});

test.each([
  ['no bytes', Buffer.alloc(0)],
  ['gzip of nothing', gzipSync('')],
  ['a header alone', gzipSync(header + '\n')],
  ['a header without a line feed', gzipSync(header)],
  ['blank lines', gzipSync('\n\r\n  \n\t\n')],
  ['a gzip file of something else', gzipSync('{"Records":[{"eventVersion":"1.08"}]}')],
  ['one endless line of something else', gzipSync('x'.repeat(3_000_000))],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['two bytes', Buffer.from('ok')],
])('a file with %s succeeds and sends nothing', async (_what, body) => {
  await using rig = await openRig();
  rig.put(key, body);
  await rig.forward(key);
  expect(rig.sink.requests).toHaveLength(0);
});

test('a foreign file is said, once, without its contents', async () => {
  await using rig = await openRig();
  rig.put(key, 'secret stuff\nmore\n');
  await rig.forward(key);
  expect(rig.log[0]).toBe('s3://logs/a.log.gz holds no flow logs; left alone.');
  expect(rig.log).toHaveLength(2);
  expect(JSON.parse(rig.log[1]!)).toMatchObject({ ObjectsForeign: 1, RecordsDelivered: 0 });
});

/** As AWS writes it: numbers are numbers, missing ones null; hyphens are underscores; pages are gzipped. */
function parquetOf(lines: readonly string[]): Buffer {
  const rows = lines.map((line) => line.split(' '));
  const columnData = header.split(' ').map((name, i) => {
    const isText = /id$|addr$|action|status/.test(name);
    const isLong = /packets|bytes|start|end/.test(name);
    const number = (value: string): number | bigint | null =>
      value === '-' ? null : isLong ? BigInt(value) : Number(value);
    return {
      name: name.replaceAll('-', '_'),
      data: rows.map((row) => (isText ? row[i]! : number(row[i]!))),
      type: isText ? ('STRING' as const) : isLong ? ('INT64' as const) : ('INT32' as const),
      nullable: true,
    };
  });
  const compressors = { GZIP: (page: Uint8Array) => gzipSync(page) };
  return Buffer.from(parquetWriteBuffer({ columnData, codec: 'GZIP', compressors }));
}

test('Parquet gives the records that its text would give, NODATA among them, under any name', async () => {
  await using rig = await openRig();
  const nodata = '2 123456789012 eni-0b75ef2e991051311 - - - - - - - 1767225600 1767225660 - NODATA';
  const lines = [...flowLines(25), nodata];
  rig.put(key, parquetOf(lines));
  expect(await rig.forward(key)).toEqual({ objects: 1, records: 26 });
  expect(rig.sink.bodies()).toEqual(lines);
  expect(rig.sink.records()[3]!.attributes['source.port']).toBe(1027n);
});

test.each([
  ['Parquet without its end', Buffer.from('PAR1....PAR'), 'The Parquet data are damaged or cut off: '],
  ['Parquet that is cut off', parquetOf(flowLines(50)).subarray(0, -40), 'The Parquet data are damaged or cut off: '],
  ['Zstandard', Buffer.from('28b52ffd00000000', 'hex'), 'The object is compressed with Zstandard.'],
  ['gzip within gzip', gzipSync(gzipSync(header)), 'The object is gzip within gzip.'],
  [
    'gzip and something else behind it',
    Buffer.concat([gzipSync(text(flowLines(2))), Buffer.from('else')]),
    'The gzip data are damaged or cut off: incorrect header check.',
  ],
  [
    'gzip, zeros, and something else',
    Buffer.concat([gzipSync(text(flowLines(2))), Buffer.alloc(20_000), Buffer.from('else')]),
    'Other bytes follow the end of the gzip data.',
  ],
])('%s fails the invocation, never silently', async (_what, body, message) => {
  await using rig = await openRig();
  rig.put(key, body);
  await expect(rig.forward(key)).rejects.toThrow(`s3://logs/a.log.gz: ${message}`);
});

test('a line of 600 KB is forwarded like any other', async () => {
  await using rig = await openRig();
  const long = flowLine(1).replace('OK', 'x'.repeat(600_000));
  rig.putLog(key, [flowLine(0), long, flowLine(2)]);
  await rig.forward(key);
  expect(rig.sink.bodies()).toEqual([flowLine(0), long, flowLine(2)]);
});

test('a line of 2 MiB fails the invocation after every other line was delivered', async () => {
  await using rig = await openRig();
  rig.putLog(key, [flowLine(0), 'x'.repeat(2 * 1024 * 1024), flowLine(2)]);
  await expect(rig.forward(key)).rejects.toThrow('1 of 4 lines were not delivered: 1 longer than 1048576 bytes.');
  expect(rig.sink.bodies()).toEqual([flowLine(0), flowLine(2)]);
});

test('one object that fails keeps no other one from being forwarded, and nothing of it is mixed in', async () => {
  await using rig = await openRig();
  const cut = gzipSync(text(flowLines(50)));
  rig.put('1.gz', cut.subarray(0, cut.length - 4));
  rig.put('2.gz', gzipSync('srcport dstport log-status\n1 2 OK\n'));
  rig.putLog('3.gz', [flowLine(7)]);
  await expect(rig.forward('1.gz', '2.gz', '3.gz')).rejects.toThrow(
    '1 of 3 items of the event were not forwarded. s3://logs/1.gz: The gzip data are damaged or cut off: unexpected end of file.',
  );
  expect(rig.sink.bodies().slice(-2)).toEqual(['1 2 OK', flowLine(7)]);
  expect(rig.sink.accepted.at(-1)![0]!.scope.attributes['aws.s3.key']).toBe('3.gz');
});

test('an object that was deleted or overwritten since is no failure', async () => {
  await using rig = await openRig();
  rig.putLog('new.gz', [flowLine(0)]);
  rig.s3.objects.get('logs/new.gz')!.etag = 'etag-2';
  await rig.forward('gone.gz', 'new.gz');
  expect(rig.sink.requests).toHaveLength(0);
  expect(rig.log.slice(0, 2)).toEqual([
    's3://logs/gone.gz was deleted before it was read; nothing to forward.',
    's3://logs/new.gz was overwritten before it was read; its own event follows.',
  ]);
});

test('an object that may not be read fails the invocation', async () => {
  await using rig = await openRig();
  rig.putLog(key, [flowLine(0)]);
  rig.s3.intercept = (_nth, response) => {
    const body = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    response.writeHead(403, { 'content-type': 'application/xml', 'content-length': body.length });
    response.end(body);
    return true;
  };
  await expect(rig.forward(key)).rejects.toThrow('s3://logs/a.log.gz: Access Denied');
});

test("when the function's time is over, reading stops, what was read is sent, and the invocation fails truthfully", async () => {
  await using rig = await openRig({ BATCH_MAX_RECORDS: '1000' }, { time: 'by-hand' });
  const lines = scatteredLines(20_000);
  rig.put(key, gzipSync(text(lines)));
  rig.s3.intercept = (_nth, response, body) => {
    response.write(body.subarray(0, 200_000));
    return true;
  };
  // The third batch is on its way, and S3 says nothing more: now the time is nearly over.
  rig.sink.answer = (nth) => {
    if (nth === 3) rig.advance(899_000);
    return { statusCode: 200 };
  };
  await expect(rig.forward(key)).rejects.toThrow(/The function's time is over; \d+ lines were delivered\.$/);
  const count = rig.sink.records().length;
  expect(count).toBeGreaterThan(2000);
  expect(count).toBeLessThan(20_000);
  // More than one request is open at a time, so batches may overtake each other.
  expect(rig.sink.bodies().toSorted()).toEqual(lines.slice(0, count).toSorted());
  expect(JSON.parse(rig.log.at(-1)!)).toMatchObject({ RecordsDelivered: count, LinesUndelivered: 0, ObjectsFailed: 1 });
});
