// Markdown for a job summary or a pull request: what a reader sees first, and that text of others stays text.

import { expect, test } from 'vitest';

import { renderMarkdown } from '../../src/report/markdown.ts';
import { hostileResult, lost, sampleResult } from './sample-result.ts';

/** What stands outside of code: inside, nothing is markup. */
function outsideOfCode(markdown: string): string {
  return markdown.replaceAll(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '');
}

test('the verdict and what was lost come first, with the lines; measures and commands are folded away', () => {
  const blocks = renderMarkdown(sampleResult()).split('\n\n');
  expect(blocks.slice(0, 2)).toEqual(['## ❌ FAIL sample', 'A forwarder that loses lines.']);
  expect(blocks[2]).toMatch(/^\*\*❌ 3 of 2,000 owed records never arrived, .* line 5 \(`lost-records`\)\*\*$/);
  expect(blocks[3]!.split('\n')).toContain(`  ${lost.witnesses[1]!.text}`);
  expect(blocks[4]).toBe(
    [
      '| Check | Verdict |',
      '| --- | --- |',
      '| once-unless-provoked | ❌ fail |',
      '| fields-intact | ✅ pass |',
      String.raw`| latency p99 \< 5s | ✅ pass |`,
      '| run | ✅ pass |',
    ].join('\n'),
  );
  expect(blocks).toContain('<summary>Counts and measures</summary>');
  expect(blocks.join('\n')).toContain('\nnpx flowrig run /home/me/runs/sample/20261126T133514.374Z/scenario.yaml\n');
});

test('hostile names, lines and notes are neither markup nor links, end no block, and mention nobody', () => {
  const markdown = renderMarkdown(hostileResult());
  const outside = outsideOfCode(markdown);
  expect(outside.match(/(?<!\\)<(?!\/?(details|summary)>|!-- -->)/g)).toBeNull();
  expect(outside).not.toContain('@everyone');
  expect(outside).not.toContain('https://');
  expect(outside).not.toMatch(/(?<!\\)\[a\]/);
  expect(markdown).not.toContain('\u001B');
  // Each block of code ends where it should: what follows the last one is outside.
  expect(outside.trimEnd()).toMatch(/<\/details>$/);
});

test('it fits into a comment of GitHub, however much was found', () => {
  const long = 'x'.repeat(100_000);
  const witnesses = Array.from({ length: 20 }, () => ({
    ...lost.witnesses[0]!,
    text: long,
    arrived: long,
    note: long,
  }));
  const findings = Array.from({ length: 60 }, (_, i) => ({
    ...lost,
    id: `finding-${i}`,
    summary: `${i} ${long}`,
    witnesses,
  }));
  const sample = sampleResult();
  const markdown = renderMarkdown({
    ...sample,
    warnings: findings.map(({ summary }) => summary),
    verdict: { ...sample.verdict, findings },
  });
  expect(markdown.length).toBeLessThan(65_536);
});
