// The HTML report as text: it holds all it needs, whatever lies in it stays text, and its size has a limit. What a browser makes of
// it is shown in test/report/browser.test.ts.

import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import type { StoryStep } from '../../src/core/model/result.ts';
import { seriesOf } from '../../src/measure/series.ts';
import { renderHtml } from '../../src/report/html/index.ts';
import { delivered, invoked, sourceOf, start, stored } from '../measure/sample-source.ts';
import { hostile, hostileResult, lost, sampleResult } from './sample-result.ts';

const sample = sampleResult();

/** The text of the page's elements of that name, as they stand in it. */
const elements = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(`<${name}(?: [^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map((match) => match[1]!);

test('the verdict, what was found and the line with its place stand in it, with a command that shows the line', () => {
  const html = renderHtml({ result: sample });
  const text = html.replaceAll(/<[^>]*>/g, ' ');
  expect(html).toMatch(/^<!doctype html>/);
  expect(text).toMatch(/✗\s+FAIL\s+sample\s+A forwarder that loses lines\./);
  const [witness] = lost.witnesses;
  expect(text).toContain(`s3://flow-logs/${witness!.key} line 5`);
  expect(text).toContain(witness!.text);
  expect(text).toContain(`sed -n 5p corpus/${witness!.key!.replace('.gz', '')}`);
  expect(text).toContain('npx flowrig run /home/me/runs/sample/20261126T133514.374Z/scenario.yaml');
});

test('it reaches for nothing: its policy allows its own script and style by their hashes, and nothing else', () => {
  const html = renderHtml({ result: sample });
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [style, ...noStyle] = elements(html, 'style');
  const [script, ...noScript] = elements(html, 'script');
  expect([noStyle, noScript]).toEqual([[], []]);
  expect(html).toContain(
    `content="default-src 'none'; img-src data:; style-src ${hash(style!)}; script-src ${hash(script!)}"`,
  );
  const outside = html.replace(style!, '').replace(script!, '');
  expect(outside).not.toMatch(/\b(?:src|action|srcset)=/);
  expect([...outside.matchAll(/href="([^"]*)"/g)].every(([, to]) => /^(#|data:,)/.test(to!))).toBe(true);
});

test('hostile names, lines, notes and stories stay text', async () => {
  const story: StoryStep[] = [{ atMs: 0, step: 'put', text: hostile }];
  const result = hostileResult();
  const finding = {
    ...lost,
    summary: hostile,
    witnesses: [{ key: hostile, line: 1, text: hostile, note: hostile, story }],
  };
  const series = await seriesOf(
    sourceOf(
      [
        stored(0, 0),
        invoked(0, [1, 9], { status: 'failed', errorType: hostile, message: hostile, requestId: hostile }),
      ],
      [delivered(1, 5, { fault: hostile })],
    ),
  );
  const html = renderHtml({ result: { ...result, verdict: { validity: 'fail', findings: [finding] } }, series });
  expect(html).not.toMatch(/<img|onerror="|\u202E|[^\P{Cc}\n\t]/u);
  expect(elements(html, 'script')).toHaveLength(2);
  expect(html.match(/&lt;\/script&gt;&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/g)!.length).toBeGreaterThan(8);
});

test('keys and variables of the target are in no report', () => {
  const secret = 'secret-4711';
  const target = { kind: 'lambda', memory: '512MB', env: { KEY: secret } };
  const scenario = { ...sample.scenario, target, sink: { key: secret } };
  const html = renderHtml({ result: { ...sample, scenario } });
  expect(html).toContain('memory: 512MB');
  expect(html).not.toContain(secret);
});

test('it stays below 2 MB: with long lines in every finding, and a run of hours in thousands of invocations', async () => {
  const long = '<&"'.repeat(30_000);
  const story = Array.from({ length: 40 }, (_, i): StoryStep => ({
    atMs: start + i,
    step: 'sent',
    text: 'x'.repeat(200),
  }));
  const witness = { ...lost.witnesses[0]!, text: long, arrived: long, note: long, story };
  const witnesses = Array.from({ length: 20 }, () => witness);
  const findings = Array.from({ length: 30 }, (_, i) => ({ ...lost, id: `finding-${i}`, summary: long, witnesses }));
  const objects = Array.from({ length: 1800 }, (_, i) => i);
  const facts = objects.flatMap((i) => [
    stored(i, i * 1000),
    invoked(i, [i * 1000, i * 1000 + 900], i % 3 === 0 ? { status: 'failed', errorType: 'Error', message: long } : {}),
  ]);
  const series = await seriesOf(
    sourceOf(
      facts,
      objects.map((i) => delivered(i + 1, i * 1000 + 500)),
    ),
  );
  const html = renderHtml({
    result: { ...sample, warnings: objects.map(() => long), verdict: { validity: 'fail', findings } },
    series,
  });
  expect(Buffer.byteLength(html)).toBeLessThan(2_000_000);
  expect(html).toContain('20 more in result.json');
});
