// JUnit's XML, as CI servers read it: a run is a suite, a check a case. What could not be judged is an error, so that no server
// takes it for a pass. The elements and their order fit the schemas of Jenkins' xUnit plugin (jenkinsci/xunit-plugin, junit-10.xsd)
// and of Ant's JUnit task (windyroad/JUnit-Schema, JUnit.xsd).

import type { Finding, RunResult } from '../core/model/result.ts';
import { judgedChecks, ofRun, type JudgedCheck } from './judged.ts';
import { measureLines } from './measures.ts';
import { evidenceLines, visible } from './text.ts';

/** Every witness of result.json: a server keeps these longer than a run's folder lives. */
const evidence = { witnesses: 20, limit: 500 };

export function renderJunit(result: RunResult): string {
  const checks = judgedChecks(result);
  const count = (validity: JudgedCheck['validity']): number =>
    checks.filter((check) => check.validity === validity).length;
  const counts = { tests: checks.length, failures: count('fail'), errors: count('unknown') };
  const seconds = (result.durationMs / 1000).toFixed(3);
  const { name } = result.scenario;
  const notes = [...(result.warnings ?? []), ...(result.target.notes ?? [])];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'flowrig', time: seconds, ...counts })}>`,
    `  <testsuite${attributes({
      id: 0,
      name,
      package: 'flowrig',
      // To the second and without a zone, as Ant's schema wants it; it is UTC.
      timestamp: result.startedAt.slice(0, 19),
      hostname: 'localhost',
      ...counts,
      time: seconds,
    })}>`,
    '    <properties>',
    ...propertiesOf(result).map((property) => `      <property${attributes(property)}/>`),
    '    </properties>',
    ...checks.flatMap((check) => caseLines(check, { scenario: name, seconds: check.name === ofRun ? seconds : '0' })),
    `    <system-out>${textLines(measureLines(result).map(([label, text]) => `${label}: ${text}`))}</system-out>`,
    `    <system-err>${textLines(notes)}</system-err>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function propertiesOf({ flowrig, seed, corpus, target, faultsFired, folder }: RunResult): Record<string, string>[] {
  const values = {
    'flowrig.version': flowrig.version,
    seed: String(seed),
    'corpus.fingerprint': corpus.fingerprint,
    'target.kind': target.kind,
    'target.runtime': target.runtime,
    faults: Object.keys(faultsFired).join(' '),
    folder,
  };
  return Object.entries(values).flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

/** The run itself takes the time: GitLab adds up that of the cases (gitlab-org/gitlab, lib/gitlab/ci/reports/test_suite.rb). */
function caseLines(
  { name, validity, findings }: JudgedCheck,
  { scenario, seconds }: { readonly scenario: string; readonly seconds: string },
): string[] {
  const opening = `    <testcase${attributes({ classname: `flowrig.${scenario}`, name, time: seconds })}`;
  const guilty = findings.filter((finding) => finding.validity === validity);
  if (validity === 'pass') return [`${opening}/>`];
  const element = validity === 'fail' ? 'failure' : 'error';
  const message = guilty.map((finding) => finding.summary).join('; ');
  return [
    `${opening}>`,
    `      <${element}${attributes({ message, type: guilty[0]!.id })}>${textLines(guilty.flatMap(findingLines))}</${element}>`,
    '    </testcase>',
  ];
}

function findingLines(finding: Finding): string[] {
  return [
    `${visible(finding.summary)} (${finding.id})`,
    ...evidenceLines(finding, evidence).map((line) => `  ${line}`),
  ];
}

function textLines(lines: readonly string[]): string {
  return escape(lines.map(visible).join('\n'));
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(visible(String(value))).replaceAll('"', '&quot;')}"`)
    .join('');
}

/** Of visible text. XML 1.0 has no way to write lone surrogates and U+FFFE and U+FFFF either (its section 2.2). */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
