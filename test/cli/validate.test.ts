import { expect, test } from 'vitest';

import { testFolder } from './test-host.ts';

test('every mistake of a scenario is told at once, with file and line, the value and the nearest valid word', async () => {
  await using folder = testFolder();
  const file = folder.write(
    'bad.yaml',
    [
      'version: 1',
      'traffic:',
      '  preest: web-vpc',
      '  records: lots',
      '  reject: 1.5',
      'store: { kind: embeded }',
      'faults:',
      '  - { kind: sink.statsu, code: 429 }',
      'sink:',
      '  edition: clod',
      'seed: -1',
      '',
    ].join('\n'),
  );
  const { exitCode, stderr } = await folder.flowrig('validate', 'bad.yaml');
  expect(stderr.replaceAll(file, 'bad.yaml').split('\n').filter(Boolean).toSorted()).toEqual(
    [
      'bad.yaml has 7 mistakes.',
      '  bad.yaml:3: "preest" is not a known key. Did you mean "preset"?',
      '  bad.yaml:4: traffic.records: "lots" is not a count. Write it like 200k, 1.5M, 200000.',
      '  bad.yaml:5: traffic.reject: 1.5 is not a share between 0 and 1. Write it like 0.05, 5%.',
      '  bad.yaml:6: "embeded" is not a known kind of store. Did you mean "embedded"?',
      '  bad.yaml:8: "sink.statsu" is not a known kind of fault. Did you mean "sink.status"?',
      '  bad.yaml:10: sink.edition: "clod" is not a known word. Did you mean "cloud"?',
      '  bad.yaml:11: seed: -1 must be >= 0. Example: 42.',
    ].toSorted(),
  );
  expect(exitCode).toBe(3);
});

test('a duplicate key is a mistake with its line', async () => {
  await using folder = testFolder();
  const file = folder.write('twice.yaml', 'version: 1\nseed: 1\nseed: 2\n');
  const { exitCode, stderr } = await folder.flowrig('validate', 'twice.yaml');
  expect(stderr).toBe(`${file} is not valid YAML.\n  ${file}:3: The key "seed" stands here twice. Keep one.\n`);
  expect(exitCode).toBe(3);
});

test('shares that cannot hold together, counts beside files and unknown checks are told with their place', async () => {
  await using folder = testFolder();
  const file = folder.write(
    'mix.yaml',
    'version: 1\ntraffic:\n  nodata: 0.7\n  skipdata: 0.6\nexpect:\n  - promises\n  - no-los\n',
  );
  const { exitCode, stderr } = await folder.flowrig('validate', 'mix.yaml');
  expect(stderr).toContain(
    `  ${file}:4: traffic.nodata and traffic.skipdata together are 1.3: shares of all lines cannot pass 1.\n`,
  );
  expect(stderr).toContain(`  ${file}:7: expect: `);
  expect(stderr).toContain('no-loss');
  expect(exitCode).toBe(3);
});

test('a time of nothing late, and records outside of the slot of files that are there, are told with their place', async () => {
  await using folder = testFolder();
  folder.write('one.log', 'version\n');
  const text = 'version: 1\ntraffic: { files: [one.log] }\nobjects:\n  lateBy: 5m\n  outside: 1%\n';
  const file = folder.write('late.yaml', text);
  const { exitCode, stderr } = await folder.flowrig('validate', 'late.yaml');
  expect(stderr).toContain(`${file}:4: objects.lateBy: no object is late. Say how many are, such as late: 5%`);
  expect(stderr).toContain(`${file}:5: objects.outside cannot stand beside traffic.files`);
  expect(exitCode).toBe(3);
});

test('a mistake in one of several options is told with that option', async () => {
  await using folder = testFolder();
  const { stderr } = await folder.flowrig('generate', '--preset', 'web-vcp', '--records', '10', '--out', 'out');
  expect(stderr).toContain('--set traffic.preset=web-vcp: traffic.preset: "web-vcp" is not a known word.');
});

test('ports of what is rejected are numbers that there are, with shares that go together', async () => {
  await using folder = testFolder();
  const file = folder.write('named.yaml', 'version: 1\ntraffic: { rejectedPorts: { ssh: 10% } }\n');
  const named = await folder.flowrig('validate', 'named.yaml');
  expect([named.exitCode, named.stderr]).toEqual([
    3,
    expect.stringContaining(`${file}:2: "ssh" is not a known key. There is: 22, 3389.`),
  ]);
  folder.write(
    'mixes.yaml',
    'version: 1\ntraffic:\n  interfaceMixes: { wbe: { lines: 10% } }\n  acceptedPorts: { 443: 50% }\n',
  );
  const mixes = await folder.flowrig('validate', 'mixes.yaml');
  expect(mixes.exitCode).toBe(3);
  expect(mixes.stderr).toContain(
    'mixes.yaml:3: traffic.interfaceMixes: "wbe" is no interface of the preset. Did you mean "web"?',
  );
  expect(mixes.stderr).toContain('mixes.yaml:4: traffic.acceptedPorts: interfaceMixes are given too');
  folder.write('large.yaml', 'version: 1\ntraffic: { rejectedPorts: { 99999: 80%, 22: 30% } }\n');
  const { stderr } = await folder.flowrig('validate', 'large.yaml');
  expect(stderr).toContain('traffic.rejectedPorts: together they are 1.1: shares of the rejected lines cannot pass 1.');
  expect(stderr).toContain('traffic.rejectedPorts: 99999 is no port; take one from 1 to 65535.');
});

test('a file that is missing, a code path that is missing and a glob that matches nothing are usage errors', async () => {
  await using folder = testFolder();
  const missing = await folder.flowrig('validate', 'nowhere.yaml');
  expect(missing.stderr).toMatch(/^No scenario "nowhere.yaml": no such file/);
  expect(missing.exitCode).toBe(3);
  const target = await folder.flowrig('validate', 'quickstart', '--target', './nothing.mjs');
  expect(target.stderr).toMatch(/^--target .\/nothing.mjs: there is no such file/);
  expect(target.exitCode).toBe(3);
  folder.write('files.yaml', 'version: 1\ntraffic:\n  files:\n    - "*.log"\n');
  const glob = await folder.flowrig('validate', 'files.yaml');
  expect(glob.stderr).toContain(':4: traffic.files: no file matches "*.log"');
  expect(glob.exitCode).toBe(3);
});

test('--set lays a value over the scenario, and a wrong one is told as the option', async () => {
  await using folder = testFolder();
  const right = await folder.flowrig(
    'validate',
    'quickstart',
    '--set',
    'traffic.records=5k',
    '--set',
    'sink.edition=selfhost',
  );
  expect(right.exitCode).toBe(0);
  const wrong = await folder.flowrig('validate', 'quickstart', '--set', 'traffic.record=5k');
  expect(wrong.stderr).toContain('--set traffic.record=5k: "record" is not a known key. Did you mean "records"?');
  expect(wrong.exitCode).toBe(3);
});

test('an empty file, a list and a text are no scenarios, and say so', async () => {
  await using folder = testFolder();
  for (const [name, text] of [
    ['empty.yaml', ''],
    ['list.yaml', '- 1\n'],
    ['text.yaml', 'hello\n'],
  ] as const) {
    folder.write(name, text);
    const { exitCode, stderr } = await folder.flowrig('validate', name);
    expect(stderr).toContain('This must be a mapping of keys to values');
    expect(exitCode).toBe(3);
  }
});

test('every shipped scenario is valid', async () => {
  await using folder = testFolder();
  const { exitCode, stdout, stderr } = await folder.flowrig('validate', 'quickstart', 'core');
  expect(stderr).toBe('');
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(7);
  expect(exitCode).toBe(0);
});

test('flowrig.yaml gives target and promises, the scenario lays its own over them, and its mistakes are told in its name', async () => {
  await using folder = testFolder();
  folder.write('handler.mjs', 'export const handler = async () => {};\n');
  folder.write('flowrig.yaml', 'version: 1\ntarget: { kind: lambda, code: ./handler.mjs }\nscenarios: [./mine.yaml]\n');
  folder.write('mine.yaml', 'version: 1\ntraffic: { records: 10 }\n');
  const right = await folder.flowrig('validate');
  expect(right.stdout).toMatch(/mine\.yaml: mine is valid\n$/);
  const file = folder.write('flowrig.yaml', 'version: 1\ntraget: x\n');
  const wrong = await folder.flowrig('validate');
  expect(wrong.stderr).toBe(
    `${file} has a mistake.\n  ${file}:2: "traget" is not a known key. Did you mean "target"?\n`,
  );
  expect(wrong.exitCode).toBe(3);
});

test('a scenario without a name takes its file’s, in what a folder may be called', async () => {
  await using folder = testFolder();
  const file = folder.write('My Scenario (v2).yaml', 'version: 1\n');
  expect(await folder.flowrig('validate', 'My Scenario (v2).yaml')).toEqual({
    exitCode: 0,
    stdout: `${file}: my-scenario-v2 is valid\n`,
    stderr: '',
  });
});

test('what the schema refuses and what cannot hold together are told in one go, by line', async () => {
  await using folder = testFolder();
  const file = folder.write(
    'both.yaml',
    [
      'version: 1',
      'traffik: {}',
      'traffic: { nodata: 0.7, skipdata: 0.6 }',
      'target: { kind: lambda, code: ./nowhere, memory: 1MB }',
      'expect: [promisses]',
      'faults: [{ kind: sink.status, cod: 429 }]',
      '',
    ].join('\n'),
  );
  const { exitCode, stderr } = await folder.flowrig('validate', 'both.yaml');
  const places = [...stderr.matchAll(/both\.yaml:(\d+): (\S+)/g)].map((match) => `${match[1]} ${match[2]}`);
  expect(stderr.startsWith(`${file} has `)).toBe(true);
  expect(places).toEqual([
    '2 "traffik"',
    '3 traffic.nodata',
    '4 memory:',
    '4 target.code:',
    '5 expect:',
    '6 The',
    '6 "cod"',
  ]);
  expect(exitCode).toBe(3);
});

test('a fault whose parameters make no sense is told with its line', async () => {
  await using folder = testFolder();
  const faults = [
    '{ kind: sink.status, code: 99 }',
    '{ kind: sink.quota, answer: drop }',
    '{ kind: sink.quota, requests: 5, size: 1MiB }',
    '{ kind: sink.quota, records: 0 }',
    '{ kind: sink.slow-read, perSecond: 0B }',
    '{ kind: sink.redirect, code: 304 }',
    '{ kind: sink.poison }',
    '{ kind: sink.outage, from: 1h }',
    '{ kind: sink.partial-success, rejected: 0 }',
  ];
  const file = folder.write('faults.yaml', ['version: 1', 'faults:', ...faults.map((f) => `  - ${f}`), ''].join('\n'));
  const { exitCode, stderr } = await folder.flowrig('validate', 'faults.yaml');
  expect(stderr.replaceAll(file, 'faults.yaml').split('\n').filter(Boolean).toSorted()).toEqual(
    [
      'faults.yaml has 9 mistakes.',
      '  faults.yaml:3: faults.code: 99 must be >= 200. Example: 429.',
      '  faults.yaml:4: sink.quota: It has no limit; write one of requests, records and size.',
      '  faults.yaml:5: sink.quota: It has several limits (requests, size); write one of requests, records and size.',
      '  faults.yaml:6: faults.records: 0 is not a count above 0. Write it like 5k.',
      '  faults.yaml:7: faults.perSecond: "0B" is not a size above 0. Write it like 16KiB.',
      '  faults.yaml:8: faults.code: 304 is none of 301, 302, 303, 307, 308.',
      '  faults.yaml:9: sink.poison: match and share: neither says which records are poison; exactly one must.',
      '  faults.yaml:10: The key "for" is missing.',
      '  faults.yaml:11: faults.rejected: 0 must be >= 1. Example: 7.',
    ].toSorted(),
  );
  expect(exitCode).toBe(3);
});
