// Layouts that promises declare: where their file is looked for, what is kept of it, and what is wrong with it, line by line.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { findProject, mergeScenario, readScenario } from '../../src/scenario/load.ts';
import { planScenario } from '../../src/scenario/plan.ts';
import { testFolder } from '../cli/test-host.ts';

const layout =
  'version: 1\nfields: { srcaddr: attributes.src_ip, end: timestamp }\nline: body.message\nanyCase: [action]\n';

test('a layout is relative to the file that names it, whoever promises more, and stands in the resolved scenario', async () => {
  await using folder = testFolder();
  mkdirSync(join(folder.path, 'rig'));
  folder.write('mine.yaml', layout);
  folder.write('flowrig.yaml', 'version: 1\npromises: { layout: ./mine.yaml }\n');
  const scenario = folder.write('rig/one.yaml', 'version: 1\npromises: { nodata: any }\n');
  const plan = planScenario(
    mergeScenario(readScenario(scenario), findProject(join(folder.path, 'rig')), {}, folder.path),
  );
  const declared = {
    version: 1,
    fields: { srcaddr: 'attributes.src_ip', end: 'timestamp' },
    line: 'body.message',
    anyCase: ['action'],
  };
  expect(plan.promises).toMatchObject({ nodata: 'any', layout: declared });
  // As `judge` reads it back from a run's folder.
  const kept = folder.write('scenario.yaml', JSON.stringify(plan.resolved));
  const again = planScenario(mergeScenario(readScenario(kept), undefined, {}, '/'));
  expect(again.promises.layout).toEqual(declared);
});

test('a layout may name the line alone', async () => {
  await using folder = testFolder();
  folder.write('mine.yaml', 'version: 1\nline: attributes.log\n');
  const scenario = folder.write('one.yaml', 'version: 1\npromises: { layout: mine.yaml }\n');
  const plan = planScenario(mergeScenario(readScenario(scenario), undefined, {}, folder.path));
  expect(plan.promises.layout).toEqual({ version: 1, fields: {}, line: 'attributes.log' });
});

test('mistakes in a layout are told at their own lines, with what may have been meant', async () => {
  await using folder = testFolder();
  const scenario = folder.write('one.yaml', 'version: 1\npromises: { layout: ./mine.yaml }\n');
  const missing = await folder.flowrig('validate', 'one.yaml');
  expect(missing.exitCode).toBe(3);
  expect(missing.stderr).toContain(join(folder.path, 'mine.yaml'));
  folder.write(
    'mine.yaml',
    [
      'version: 1',
      'fields:',
      '  srcadr: attributes.ip',
      '  dstaddr: atributes.ip',
      '  bytes: timestamp',
      'line: message',
    ].join('\n'),
  );
  const { exitCode, stderr } = await folder.flowrig('validate', scenario);
  expect(exitCode).toBe(3);
  expect(stderr.replaceAll(join(folder.path, 'mine.yaml'), 'mine.yaml').split('\n').filter(Boolean)).toEqual([
    'mine.yaml has 4 mistakes.',
    '  mine.yaml:3: "srcadr" is no field of a flow log. Did you mean "srcaddr"?',
    '  mine.yaml:4: "atributes.ip" is no place in a record: write attributes.NAME, resource.NAME or body.PATH. Did you mean "attributes.ip"?',
    '  mine.yaml:5: bytes is no time: only start or end can be the timestamp.',
    '  mine.yaml:6: "message" is no place in a record: write attributes.NAME, resource.NAME or body.PATH.',
  ]);
  folder.write('mine.yaml', 'version: 1\nline: body\nanycase: [action]\n');
  expect((await folder.flowrig('validate', scenario)).stderr).toContain(
    'mine.yaml:3: "anycase" is not a known key. Did you mean "anyCase"?',
  );
});
