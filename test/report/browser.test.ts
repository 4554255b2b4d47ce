// The HTML report in a real Chromium: that a stranger finds the lost line, that it can be read in light and dark, narrow and wide,
// that it reaches for nothing, and that nothing in it comes to life.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Browser, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';

import { seriesOf } from '../../src/measure/series.ts';
import { renderHtml } from '../../src/report/html/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { forwarderFolder, pipeline } from '../e2e/situation.ts';
import { delivered, invoked, sourceOf, stored } from '../measure/sample-source.ts';
import { canvasColors, faintTexts, rightEdges } from './page-checks.ts';
import { openBrowser, screenshots } from './browser.ts';
import { hostile, hostileResult, sampleResult } from './sample-result.ts';

const opened = await openBrowser();
const browser = (opened as { browser: Browser }).browser;
if ('lacks' in opened) console.log(`Skipped, the pages of reports: ${opened.lacks}.`);
const browserTest = test.skipIf('lacks' in opened);
afterAll(() => browser?.close());

interface Seen extends AsyncDisposable {
  readonly page: Page;
  /** URLs that the page asked for, and what it complained of. */
  readonly requests: string[];
  readonly complaints: string[];
}

async function look(file: string): Promise<Seen> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const seen = { requests: [] as string[], complaints: [] as string[] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('console', (message) => void (message.type() === 'error' && seen.complaints.push(message.text())));
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('dialog', (dialog) => seen.complaints.push(`dialog ${dialog.message()}`));
  await page.goto(pathToFileURL(file).href);
  return { page, ...seen, [Symbol.asyncDispose]: () => page.close() };
}

/** A run with retries: faults, failed and cold invocations, a wait that is folded. */
async function sampleSeries(word = 'sink.status'): ReturnType<typeof seriesOf> {
  const objects = Array.from({ length: 40 }, (_, i) => i);
  const again = 120_000;
  const facts = objects.flatMap((i) => [
    stored(i, i * 20),
    invoked(i, [i * 60, i * 60 + 100 + i * 7], {
      cold: i < 3,
      ...(i % 7 === 3 ? { status: 'failed', errorType: word, message: word } : {}),
    }),
    ...(i % 7 === 3 ? [invoked(i, [again + i * 30, again + i * 30 + 80], { attempt: 2 })] : []),
  ]);
  const deliveries = objects.map((i) =>
    delivered(i + 1, i * 60 + 80, i % 7 === 3 ? { acknowledgement: 'refused', kept: false, fault: word } : {}),
  );
  return seriesOf(sourceOf(facts, deliveries));
}

browserTest(
  'the lost line of a failing forwarder is found in three clicks, with the command that shows it',
  async () => {
    const source = `
import { newHandler } from ${JSON.stringify(pipeline)};
export const handler = newHandler({ select: (lines) => lines.slice(0, -1) });
`;
    await using folder = forwarderFolder(source);
    const { exitCode, stdout } = await folder.flowrig('run', 'scenario.yaml', '--quiet', '--reporter', 'html');
    expect(exitCode).toBe(1);
    const file = stdout.trim().split('  ').at(-1)!;
    await using seen = await look(file);
    const { page } = seen;
    const finding = page.locator('details.finding', { hasText: 'lost-records' });
    await page.getByRole('link', { name: /^4 of 1,000 owed records never arrived/ }).click();
    expect(await finding.locator('> summary').isVisible()).toBe(true);
    const witness = finding.locator('details.witness').nth(2);
    const line = witness.locator('pre.record');
    expect(await line.isVisible()).toBe(false);
    await witness.locator('> summary').click();
    expect(await line.isVisible()).toBe(true);
    const clicks = 2;
    expect(clicks).toBeLessThanOrEqual(3);

    // What the page says, against the files themselves, as its own command writes them.
    const [generate, sed] = (await witness.locator('.command pre').innerText()).split('\n');
    const words = generate!.split(' ').slice(2);
    expect((await folder.flowrig(...words)).exitCode).toBe(0);
    const [, number, written] = /^sed -n (\d+)p (\S+)$/.exec(sed!)!;
    const lines = readFileSync(join(folder.path, written!), 'utf8').trimEnd().split('\n');
    expect(Number(number)).toBe(lines.length);
    expect(await line.innerText()).toBe(lines.at(-1));
    expect(await witness.locator('.place').innerText()).toBe(`s3://flow-logs/${written!.slice(7)}.gz line ${number}`);
    expect(await witness.locator('.story li').first().innerText()).toMatch(/\+0\.0 ms\s*stored, /);
    expect(seen.complaints).toEqual([]);
    expect(seen.requests).toEqual([pathToFileURL(file).href]);
  },
);

browserTest(
  'it can be read in light and dark, narrow and wide: nothing sticks out, is faint or stays blank',
  async () => {
    await using folder = testFolder();
    const file = folder.write('report.html', renderHtml({ result: withLatency(), series: await sampleSeries() }));
    await using seen = await look(file);
    const { page } = seen;
    mkdirSync(screenshots, { recursive: true });
    for (const [width, colorScheme] of [
      [1200, 'light'],
      [1200, 'dark'],
      [390, 'dark'],
      [390, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const path = join(screenshots, `report-${width}-${colorScheme}.png`);
      expect((await page.screenshot({ fullPage: true, path })).length).toBeGreaterThan(50_000);
      const edges = await page.evaluate<number[]>(rightEdges);
      expect(edges).toHaveLength(5);
      expect(Math.max(...edges)).toBe(width);
      expect(await page.evaluate(faintTexts)).toEqual([]);
      expect(Math.min(...(await page.evaluate<number[]>(canvasColors)))).toBeGreaterThan(20);
    }
    expect(await page.locator('rect.bar').count()).toBe(46);
    expect(await page.locator('rect.fold').count()).toBeGreaterThan(0);
    expect(seen.complaints).toEqual([]);
    expect(seen.requests).toEqual([pathToFileURL(file).href]);
  },
);

browserTest('nothing in it comes to life, and it says what it was given', async () => {
  await using folder = testFolder();
  const file = folder.write(
    'report.html',
    renderHtml({ result: hostileResult(), series: await sampleSeries(hostile) }),
  );
  await using seen = await look(file);
  const { page } = seen;
  expect(await page.locator('img, iframe, object, [onerror]').count()).toBe(0);
  expect(await page.locator('h1').innerText()).toContain('<img src=x onerror="alert(1)">');
  await page.locator('rect.bar.failed').first().click();
  expect(await page.locator('#pointed').innerText()).toContain('</script><img src=x onerror="alert(1)">');
  expect(seen.complaints).toEqual([]);
  expect(seen.requests).toEqual([pathToFileURL(file).href]);
});

browserTest('a script that got in would not run: the page forbids it', async () => {
  await using folder = testFolder();
  const html = renderHtml({ result: sampleResult() }).replace(
    '<h1>',
    '<script>document.title = "in"</script><h1 onclick="x()">',
  );
  await using seen = await look(folder.write('report.html', html));
  expect(await seen.page.title()).toBe('FAIL sample - flowrig');
  expect(seen.complaints.filter((text) => text.includes('Content Security Policy'))).not.toEqual([]);
});

function withLatency(): ReturnType<typeof sampleResult> {
  const sample = sampleResult();
  const atMs = Array.from({ length: 40 }, (_, i) => 1_795_700_115_000 + i * 60);
  const overTime = {
    atMs,
    p50: atMs.map((_, i) => i * 5),
    p99: atMs.map((_, i) => i * 8),
    max: atMs.map((_, i) => i * 9),
  };
  return { ...sample, latencyMs: { delivery: sample.latencyMs!.delivery, overTime } };
}
