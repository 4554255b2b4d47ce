// Field bugs that show in what Lambda does to a function: its limits, its retries, its frozen sandboxes.

import type { FieldBug } from '../catalogue.ts';

const github = 'https://github.com';
const lambdaGuide = 'https://docs.aws.amazon.com/lambda/latest/dg';
const datadog = `${github}/DataDog/datadog-serverless-functions`;
const elastic = `${github}/elastic/elastic-serverless-forwarder`;
const javaScriptSdk = `${github}/aws/aws-sdk-js-v3`;

type LambdaBug = Omit<FieldBug, 'group' | 'builtin'> & Partial<Pick<FieldBug, 'builtin'>>;

const bugs: readonly LambdaBug[] = [
  {
    id: 'killed-at-the-time-limit',
    symptom: 'The time limit ends the function in the middle of an object; the retry begins anew, and ends there too.',
    sources: [
      `${github}/DataBiosphere/azul/issues/8050`,
      `${datadog}/issues/60`,
      `${lambdaGuide}/configuration-timeout.html`,
    ],
    scenario: 'lambda-deadline',
    wrong: { forwarder: 'trusting', finding: 'invocation-timed-out' },
  },
  {
    id: 'margin-longer-than-the-limit',
    symptom: 'A fixed margin before the time limit is longer than the limit itself, and nothing is done at all.',
    sources: [`${elastic}/issues/497`],
    scenario: 'lambda-short-limit',
    wrong: { forwarder: 'stops-two-minutes-before', finding: 'dead-lettered-records' },
  },
  {
    id: 'object-larger-than-memory',
    symptom: 'The whole object is held in memory; a large one ends the function without a word, three times.',
    sources: [`${datadog}/issues/117`, `${lambdaGuide}/configuration-memory.html`],
    scenario: 'lambda-memory',
    wrong: { forwarder: 'right-in-any-envelope', finding: 'dead-lettered-records' },
  },
  {
    id: 'no-back-pressure',
    symptom: 'The object is read on while the sink is slow, and what waits fills the memory.',
    sources: [
      `${github}/SumoLogic/sumologic-aws-lambda`,
      'https://nodejs.org/en/learn/modules/backpressuring-in-streams',
    ],
    scenario: 'lambda-back-pressure',
    wrong: { forwarder: 'reads-on-whatever-waits', finding: 'dead-lettered-records' },
  },
  {
    id: 'throttled-events-lost',
    symptom: 'Events that Lambda throttled come later than newer ones, and in bursts, and are lost then.',
    sources: [`${lambdaGuide}/invocation-async-error-handling.html`, `${lambdaGuide}/configuration-concurrency.html`],
    scenario: 'lambda-throttle-some',
    wrong: { forwarder: 'keeps-a-cursor', finding: 'lost-records' },
  },
  {
    id: 'concurrency-storm',
    symptom: 'Each object has an invocation of its own, and together they run into the sink’s limit, again and again.',
    sources: [
      'https://www.elastic.co/docs/reference/aws-forwarder',
      `${lambdaGuide}/invocation-async-error-handling.html`,
    ],
    scenario: 'lambda-storm',
    wrong: { forwarder: 'swallows-429', finding: 'lost-records' },
  },
  {
    id: 'retry-of-a-killed-attempt',
    symptom: 'A sandbox dies in the middle of its work; the retry doubles all, or finds it claimed and does nothing.',
    sources: [elastic, `${lambdaGuide}/invocation-retries.html`],
    scenario: 'lambda-kill',
    wrong: { forwarder: 'claims-before-it-delivers', finding: 'lost-records' },
  },
  {
    id: 'state-of-another-event',
    symptom: 'What was kept of one event is taken for that of the next.',
    sources: [`${datadog}/issues/888`, `${lambdaGuide}/lambda-runtime-environment.html`],
    scenario: 'lambda-reuse',
    wrong: { forwarder: 'remembers-a-header', finding: 'altered-records' },
  },
  {
    id: 'answers-before-it-has-sent',
    symptom: 'The function answers while requests are still to be sent: they are frozen with it.',
    sources: [`${github}/SumoLogic/sumologic-aws-lambda`, `${github}/aws/aws-lambda-base-images/issues/153`],
    scenario: 'lambda-early-return',
    wrong: { forwarder: 'returns-before-its-request', finding: 'untruthful-acknowledgement' },
  },
  {
    id: 'connection-dead-after-freeze',
    symptom:
      'A kept-alive connection died while the sandbox was frozen, and the first request of the next event fails on it.',
    sources: [`${github}/nodejs/undici/issues/3300`, `${github}/nodejs/undici/issues/5450`],
    scenario: 'lambda-freeze',
    wrong: { forwarder: 'keeps-a-dead-connection', finding: 'dead-lettered-records' },
  },
  {
    id: 'body-that-stands-still',
    symptom: 'The body of an object stops coming, and the function waits until its time is over.',
    sources: [`${javaScriptSdk}/issues/8098`, `${javaScriptSdk}/issues/6691`],
    scenario: 'store-hang',
    wrong: { forwarder: 'trusting', finding: 'invocation-timed-out' },
  },
  {
    id: 'stream-error-ends-the-process',
    symptom:
      'An error in one of several joined streams is handled by nobody and ends the process, with all objects of the event.',
    sources: [`${javaScriptSdk}/issues/6845`, 'https://nodejs.org/api/stream.html#readablepipedestination-options'],
    scenario: 'lambda-broken-object',
    wrong: { forwarder: 'dies-of-a-broken-stream', finding: 'dead-lettered-records' },
  },
  {
    id: 'nothing-left-to-wait-for',
    symptom: 'A promise never settles and nothing is open any more: the function ends early, and that is a success.',
    sources: [`${javaScriptSdk}/issues/6293`, `${lambdaGuide}/nodejs-handler.html`],
    scenario: 'lambda-empty-loop',
    wrong: { forwarder: 'waits-for-nothing', finding: 'lost-records' },
  },
  {
    id: 'handles-leak',
    symptom: 'Each invocation of a warm sandbox leaves something open, until there is no more.',
    sources: [`${javaScriptSdk}/issues/1959`, `${lambdaGuide}/gettingstarted-limits.html`],
    scenario: 'lambda-many-invocations',
    wrong: { forwarder: 'leaks-sockets', finding: 'too-many-connections' },
  },
  {
    id: 'success-with-nothing-delivered',
    symptom: 'Every error is caught and logged: all invocations are green, and nothing arrives.',
    sources: [`${github}/newrelic/aws-log-ingestion`, datadog],
    scenario: 'lambda-nothing-delivered',
    wrong: { forwarder: 'forgets-the-rest', finding: 'untruthful-acknowledgement' },
  },
  {
    id: 'gone-after-two-retries',
    symptom: 'Lambda tries a failed event twice more within minutes; an outage that lasts longer loses it.',
    sources: [
      `${lambdaGuide}/invocation-async-error-handling.html`,
      `${lambdaGuide}/invocation-async-retain-records.html`,
    ],
    scenario: 'lambda-attempts-exhausted',
    wrong: { forwarder: 'forgets-the-rest', finding: 'lost-records' },
  },
  {
    id: 'import-fails-at-cold-start',
    symptom: 'The package has its dependencies in the wrong folder, and no event is ever handled.',
    sources: [`${lambdaGuide}/packaging-layers.html`, 'https://signoz.io/docs/aws-monitoring/vpc/'],
    scenario: 'lambda-cold',
    wrong: { forwarder: 'imports-what-is-not-there', finding: 'initialisation-failed' },
  },
  {
    id: 'refused-key-kept-for-life',
    symptom: 'The key is refused once, as while it is being rotated, and the sandbox never tries again.',
    sources: [
      `${lambdaGuide}/lambda-runtime-environment.html`,
      'https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html',
    ],
    scenario: 'lambda-key-refused',
    wrong: { forwarder: 'gives-up-for-good', finding: 'dead-lettered-records' },
  },
  {
    id: 'starved-at-little-memory',
    symptom: 'With 128 MB a function has a fourteenth of a CPU, and is many times slower than on a desk.',
    sources: [
      `${github}/DataBiosphere/azul/issues/8050`,
      `${datadog}/issues/393`,
      `${lambdaGuide}/configuration-memory.html`,
    ],
    scenario: {
      missing:
        'the share of a CPU is the target’s to say (cpu: share), for it needs control groups; no shipped scenario names a target',
    },
  },
  {
    id: 'halves-without-an-end',
    symptom:
      'A batch that is too large is halved by recursion, and a single record that is too large ends in a stack overflow.',
    sources: [`${github}/newrelic/aws-log-ingestion`, `${github}/newrelic/newrelic-telemetry-sdk-java/issues/320`],
    scenario: 'lambda-oversize-record',
    wrong: { forwarder: 'halves-for-ever', finding: 'dead-lettered-records' },
  },
  {
    id: 'aborted-request-taken-as-sent',
    symptom: 'A request is given up in its middle, and counted as delivered.',
    sources: [
      'https://www.rfc-editor.org/rfc/rfc9110#name-idempotent-methods',
      'https://developer.mozilla.org/en-US/docs/Web/API/AbortSignal/timeout_static',
    ],
    scenario: 'lambda-abort',
    wrong: { forwarder: 'calls-a-timeout-done', finding: 'lost-records' },
  },
];

export const lambdaBugs: readonly FieldBug[] = bugs.map((bug) => ({ group: 'lambda', builtin: 'pass', ...bug }));
