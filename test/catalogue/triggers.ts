// Field bugs that show in the way by which an event reaches the forwarder, and in how often it does.

import type { FieldBug } from '../catalogue.ts';

const github = 'https://github.com';
const lambdaGuide = 'https://docs.aws.amazon.com/lambda/latest/dg';
const s3Guide = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const datadog = `${github}/DataDog/datadog-serverless-functions`;
const elastic = `${github}/elastic/elastic-serverless-forwarder`;

type TriggerBug = Omit<FieldBug, 'group' | 'builtin'> & Partial<Pick<FieldBug, 'builtin'>>;

const bugs: readonly TriggerBug[] = [
  {
    id: 'first-record-only',
    symptom: 'Only the first object of an event is forwarded.',
    sources: [datadog, `${s3Guide}/notification-content-structure.html`],
    scenario: 'event-several',
    wrong: { forwarder: 'reads-the-first-record', finding: 'lost-records' },
  },
  {
    id: 'failure-acknowledged',
    symptom: 'A batch that failed is acknowledged, and its messages are gone.',
    sources: [`${elastic}/issues/308`, `${lambdaGuide}/services-sqs-errorhandling.html`],
    scenario: 'sqs-outage',
    wrong: { forwarder: 'calls-every-batch-done', finding: 'lost-records' },
  },
  {
    id: 'test-event-fails',
    symptom: 'S3’s test message has no records, and the function fails at it until Lambda gives up.',
    sources: [
      `${github}/open-telemetry/opentelemetry-collector-contrib/issues/47045`,
      `${github}/vectordotdev/vector/issues/14438`,
    ],
    scenario: 'event-test',
    wrong: { forwarder: 'expects-records', finding: 'other-event-refused' },
  },
  {
    id: 'test-event-kills-its-batch',
    symptom: 'S3’s test message fails the batch that it is in, and real messages go down with it.',
    sources: [`${elastic}/issues/308`, `${github}/quiltdata/quilt/issues/5162`],
    scenario: 'event-test-in-batch',
    wrong: { forwarder: 'expects-records', finding: 'dead-lettered-records' },
  },
  {
    id: 'topic-not-unwrapped',
    symptom: 'A message that SNS has wrapped is not understood.',
    sources: [`${github}/opensearch-project/data-prepper/issues/2604`, `${datadog}/issues/351`],
    scenario: 'trigger-sns-sqs',
    wrong: { forwarder: 'expects-records', finding: 'dead-lettered-records' },
  },
  {
    id: 'confirmation-cycles',
    symptom: 'SNS’s request to confirm a subscription is no message that is known, and cycles through the queue.',
    sources: [
      `${github}/panther-labs/panther/pull/1395`,
      'https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html',
    ],
    scenario: 'event-subscription-confirmation',
    wrong: { forwarder: 'expects-records', finding: 'other-event-refused' },
  },
  {
    id: 'eventbridge-not-understood',
    symptom: 'An event of EventBridge has another shape, and is refused.',
    sources: [`${s3Guide}/ev-events.html`, `${github}/coralogix/coralogix-aws-shipper`],
    scenario: 'trigger-eventbridge',
    wrong: { forwarder: 'expects-records', finding: 'dead-lettered-records' },
  },
  {
    id: 'reads-removed-and-tagged-objects',
    symptom: 'Events of objects that were tagged, restored or removed are read like new ones.',
    sources: [`${s3Guide}/notification-how-to-event-types-and-destinations.html`],
    scenario: 'event-type',
    wrong: { forwarder: 'reads-every-event', finding: 'doubled-records' },
  },
  {
    id: 'cursor-skips-late-events',
    symptom: 'What comes later than a newer object is taken for old, and skipped for ever.',
    sources: [
      `${github}/logstash-plugins/logstash-input-s3/issues/57`,
      `${github}/logstash-plugins/logstash-input-s3/issues/244`,
    ],
    scenario: 'event-shuffle',
    wrong: { forwarder: 'keeps-a-cursor', finding: 'lost-records' },
  },
  {
    id: 'event-version-refused',
    symptom: 'AWS raises the version of its messages, and the forwarder refuses them all.',
    sources: [`${s3Guide}/notification-content-structure.html`, `${github}/vectordotdev/vector`],
    scenario: 'event-version',
    wrong: { forwarder: 'insists-on-a-version', finding: 'dead-lettered-records' },
  },
];

export const triggerBugs: readonly FieldBug[] = bugs.map((bug) => ({ group: 'triggers', builtin: 'pass', ...bug }));
