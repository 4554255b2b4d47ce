import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { makeFolder } from '../../src/core/make-folder.ts';

test('folders are made with those above them, once, and never where a file is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowrig-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const deep = join(folder, 'a/b/c');
  makeFolder(deep);
  makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow(/ENOTDIR/);
});

test('a place where no folder can be ends in an error, and not never', () => {
  // Of /proc only Linux has one.
  expect(() => makeFolder('/proc/none/below')).toThrow(/ENOENT|EACCES|EROFS|EPERM/);
});
