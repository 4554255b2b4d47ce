// What trigger, target and faults cannot be together, told before anything runs.

import { expect, test } from 'vitest';

import { testFolder } from './test-host.ts';

/** The mistakes of a scenario in YAML, each as `line: sentence`. */
async function mistakesOf(...lines: string[]): Promise<string[]> {
  await using folder = testFolder();
  const file = folder.write('s.yaml', ['version: 1', ...lines, ''].join('\n'));
  const { stderr } = await folder.flowrig('validate', 's.yaml');
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim().replace(`${file}:`, ''));
}

test('times and sizes outside of AWS’s ranges are told with the range', async () => {
  expect(await mistakesOf('trigger:', '  kind: s3-event', '  maximumEventAge: 7h')).toEqual([
    "4: trigger.maximumEventAge: 7h is outside of AWS's range, 60s to 6h.",
  ]);
  expect(await mistakesOf('trigger:', '  kind: sqs', '  visibility: 13h', '  batchWindow: 6m')).toEqual([
    "4: trigger.visibility: 13h is outside of AWS's range, 0s to 12h.",
    "5: trigger.batchWindow: 6m is outside of AWS's range, 0s to 5m.",
  ]);
  expect(await mistakesOf('trigger:', '  kind: sqs', '  batchSize: 100')).toEqual([
    '4: trigger.batchSize: 100 messages are more than one receipt brings; AWS then wants a batchWindow of at least 1s.',
  ]);
});

test('a way that cannot reach the target is told', async () => {
  expect(await mistakesOf('trigger: { kind: none }')).toEqual([
    '2: trigger.kind: with "none" nobody invokes a Lambda target. Choose another trigger.',
  ]);
  expect(await mistakesOf('trigger: { kind: sns }', 'target: { kind: command, command: [sh] }')).toEqual([
    '2: trigger.kind: "sns" invokes a function, and a target of kind command polls. Choose sqs, sns-sqs, eventbridge-sqs, store-sqs or none.',
  ]);
});

test('a runtime that Lambda does not have is told, with the nearest or with all', async () => {
  const target = (runtime: string): string[] => [
    'target:',
    '  kind: lambda',
    '  code: builtin:forwarder',
    `  runtime: ${runtime}`,
  ];
  expect(await mistakesOf(...target('python3.1'))).toEqual([
    expect.stringMatching(/^5: target\.runtime: "python3\.1" is not a known word\. Did you mean "python3\.\d+"\?$/),
  ]);
  expect(await mistakesOf(...target('cobol'))).toEqual([
    expect.stringMatching(
      /^5: target\.runtime: "cobol" is not a known word\. There is: nodejs24\.x, .*provided\.al2\.$/,
    ),
  ]);
});

test('an image of a function is invoked, has a function’s limits and faults, and no service’s keys', async () => {
  const image = ['target:', '  kind: container', '  image: my/function'];
  expect(await mistakesOf(...image, '  lambda: { timeout: 20m }', '  ready: { log: started }')).toEqual([
    "5: timeout: 20m is outside of Lambda's range, up to 900s.",
    '6: target.ready: a Lambda function is ready when it asks for work, and is killed when there is none. Leave it out.',
  ]);
  expect(
    await mistakesOf(...image, '  lambda: {}', 'trigger: { kind: s3-event }', 'faults: [{ kind: lambda.cold }]'),
  ).toEqual([]);
  expect(await mistakesOf(...image, 'trigger: { kind: s3-event }', 'faults: [{ kind: lambda.cold }]')).toEqual([
    expect.stringMatching(/^5: trigger\.kind: "s3-event" invokes a function, and a target of kind container polls/),
    '6: faults: lambda.cold needs a Lambda target; this one is a container.',
  ]);
});

test('a fault that the trigger or the target cannot have is told', async () => {
  const faults = ['faults:', '  - { kind: event.several, records: 2 }', '  - { kind: event.test }'];
  expect(await mistakesOf('trigger: { kind: eventbridge }', ...faults)).toEqual([
    '4: faults: event.several does not exist on the way of the trigger eventbridge; it does with s3-event, sqs, sns, sns-sqs.',
    '5: faults: event.test does not exist on the way of the trigger eventbridge; it does with s3-event, sqs, sns, sns-sqs.',
  ]);
  expect(await mistakesOf('target: { kind: command, command: [sh] }', 'faults:', '  - kind: lambda.kill')).toEqual([
    '4: faults: lambda.kill needs a Lambda target; this one is a command.',
  ]);
});

test('a command is told of what is not there, and a queue is its trigger unless another is named', async () => {
  expect(
    await mistakesOf(
      'target:',
      '  kind: command',
      '  command: [/no/such/program, "${sqs.queueUrll}"]',
      '  folder: /no/such/folder',
      '  env: { A: "${env.NOT_SET_ANYWHERE}" }',
    ),
  ).toEqual([
    '4: target.command: "sqs.queueUrll" is not a known name for ${...}. Did you mean "sqs.queueUrl"?',
    '4: target.command: "/no/such/program" does not exist. Name the program.',
    '5: target.folder: "/no/such/folder" does not exist.',
    '6: target.env.A: ${env.NOT_SET_ANYWHERE}: the environment variable NOT_SET_ANYWHERE is not set.',
  ]);
  expect(await mistakesOf('target: { kind: command, command: [sh, -c, "sleep 1"] }')).toEqual([]);
});
