// A real Chromium for tests of pages: the npm package @sparticuz/chromium brings one for Linux on x64, playwright-core drives it. It
// is unpacked once below node_modules, which takes some seconds of CPU.

import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { chromium as driver, type Browser } from 'playwright-core';

const modules = join(import.meta.dirname, '../../node_modules');
const cache = join(modules, '.cache');

/** Where tests leave what they saw, for people to look at. */
export const screenshots = join(cache, 'screenshots');

/** Connections to Google's hosts would only fail, many at a time. */
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

/** The browser, or the sentence that says why there is none. */
export async function openBrowser(): Promise<{ readonly browser: Browser } | { readonly lacks: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { lacks: `the npm package @sparticuz/chromium has no browser for ${process.platform} on ${process.arch}` };
  }
  try {
    return { browser: await driver.launch({ executablePath: await unpack(), args: ['--headless=shell', ...args] }) };
  } catch (error) {
    return { lacks: `Chromium does not start here: ${(error as Error).message.split('\n', 1)[0]}` };
  }
}

/** The package unpacks to the temporary folder: given one of its own, which gets its name when all of it is there. */
async function unpack(): Promise<string> {
  const manifest = readFileSync(join(modules, '@sparticuz/chromium/package.json'), 'utf8');
  const folder = join(cache, `chromium-${(JSON.parse(manifest) as { version: string }).version}`);
  const executable = join(folder, 'chromium');
  if (existsSync(executable)) return executable;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = partial;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
  renameSync(partial, folder);
  return executable;
}
