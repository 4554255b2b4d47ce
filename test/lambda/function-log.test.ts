// The function's log: what is kept, and what is only counted.

import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openFunctionLog } from '../../src/lambda/function-log.ts';
import { openOutputFile } from '../../src/lambda/output-file.ts';
import { writeCode } from '../targets/open-test-target.ts';

test('output beyond the limit is counted and not kept; the lines of Lambda itself are', () => {
  using written = writeCode({});
  const file = join(written.folder, 'target.log');
  using log = openFunctionLog(file, 10);
  log.start('r-1');
  log.write(Buffer.from('0123456'));
  expect(log.isFull()).toBe(false);
  log.write(Buffer.from('789abc'));
  log.write(Buffer.from('more'));
  log.skip(100);
  log.line('last');
  expect(log.isFull()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(
    'START RequestId: r-1 Version: $LATEST\n0123456789\nflowrig: the function wrote 10 bytes. From here on its output is counted, not kept.\nlast\n',
  );
  expect(log.sizeBytes()).toBe('START RequestId: r-1 Version: $LATEST\nlast\n'.length + 13 + 4 + 100);
});

test('of output that nobody wants any more all but the tail is passed over, and the file does not grow for ever', () => {
  using written = writeCode({});
  let isSated = false;
  const seen = { bytes: 0, skipped: 0 };
  using output = openOutputFile(join(written.folder, 'output'), {
    onOutput: (chunk) => void (seen.bytes += chunk.length),
    onSkipped: (sizeBytes) => void (seen.skipped += sizeBytes),
    isSated: () => isSated,
  });
  const megabyte = Buffer.alloc(1 << 20, 'x');
  writeSync(output.descriptor, megabyte);
  output.drain();
  expect(seen).toEqual({ bytes: 1 << 20, skipped: 0 });
  isSated = true;
  for (let i = 0; i < 260; i++) writeSync(output.descriptor, megabyte);
  writeSync(output.descriptor, 'the end');
  output.drain();
  expect(seen).toEqual({ bytes: (1 << 20) + 4096, skipped: 260 * (1 << 20) + 7 - 4096 });
  expect(output.tail()).toMatch(/^x+the end$/);
  writeSync(output.descriptor, 'once more');
  output.drain();
  expect(output.tail()).toMatch(/the endonce more$/);
  expect(readFileSync(join(written.folder, 'output'), 'utf8')).toBe('once more');
});
