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
    id: 'good-messages-come-again',
    symptom:
      'One bad message of a batch fails all of it, and the good ones are forwarded again and again, or given up with it.',
    sources: [`${github}/quiltdata/quilt/issues/5162`, `${lambdaGuide}/services-sqs-errorhandling.html`],
    scenario: 'sqs-one-bad-message',
    wrong: { forwarder: 'right-in-any-envelope', finding: 'dead-lettered-records' },
  },
  {
    id: 'partial-failure-misreported',
    symptom: 'The answer that names failed messages is made of the wrong ids, or throws itself.',
    sources: [
      `${github}/aws-samples/siem-on-amazon-opensearch-service/blob/main/source/lambda/es_loader/index.py`,
      `${lambdaGuide}/services-sqs-errorhandling.html`,
    ],
    scenario: 'sqs-several-objects',
    wrong: { forwarder: 'loses-the-message-id', finding: 'dead-lettered-records' },
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
    id: 'duplicate-told-by-a-weak-id',
    symptom: 'Duplicate notifications double the records; or their cure takes different events for one.',
    sources: [
      `${elastic}/issues/677`,
      `${elastic}/issues/729`,
      `${s3Guide}/notification-how-to-event-types-and-destinations.html`,
    ],
    scenario: 'event-duplicate',
    wrong: { forwarder: 'drops-what-looks-the-same', finding: 'lost-records' },
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
    id: 'late-records-invisible',
    symptom: 'Records of long ago are accepted by SigNoz and shown nowhere, and nobody is told.',
    sources: [
      `${github}/SigNoz/signoz-otel-collector/blob/main/exporter/clickhouselogsexporter/exporter.go`,
      `${github}/SigNoz/signoz/issues/7250`,
    ],
    scenario: 'event-weeks-late',
    builtin: {
      fails: 'invisible-in-signoz',
      because: 'it sends what it gets; no age is looked at',
    },
  },
  {
    id: 'deleted-object-tried-for-ever',
    symptom: 'An object was deleted before it was read, and its event fails until it is given up.',
    sources: [`${github}/redpanda-data/connect/issues/3221`],
    scenario: 'event-of-deleted',
    wrong: { forwarder: 'right-in-any-envelope', finding: 'other-event-refused' },
  },
  {
    id: 'reads-what-overwrote-it',
    symptom: 'An object is read by its key alone: after an overwrite the same bytes are forwarded for both events.',
    sources: [`${s3Guide}/versioning-workflows.html`, datadog],
    scenario: 'event-of-overwritten',
    wrong: { forwarder: 'right-in-any-envelope', finding: 'doubled-records' },
  },
  {
    id: 'listing-ends-at-a-thousand',
    symptom: 'What lies behind the first 1,000 keys of the bucket is never forwarded.',
    sources: [
      'https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html',
      `${datadog}/tree/master/aws/logs_monitoring`,
    ],
    scenario: 'bucket-of-many',
    wrong: { forwarder: 'lists-one-page', finding: 'lost-records' },
  },
  {
    id: 'bucket-read-at-each-event',
    symptom: 'Each event makes the function send all that lies in the bucket.',
    sources: ['https://signoz.io/docs/aws-monitoring/vpc/'],
    scenario: 'trigger-s3-event',
    wrong: { forwarder: 'rescans-the-bucket', finding: 'doubled-records' },
  },
  {
    id: 'own-output-read-again',
    symptom: 'What the forwarder writes into the bucket that it watches makes events, and a loop without an end.',
    sources: [`${github}/cboscolo/elb2loggly/issues/16`, `${lambdaGuide}/with-s3.html`],
    scenario: 'trigger-own-output',
    wrong: { forwarder: 'reads-its-own-output', finding: 'doubled-records' },
  },
  {
    id: 'log-as-large-as-the-records',
    symptom: 'Each record or batch is printed, which costs more than all else, and can be forwarded in turn.',
    sources: [`${datadog}/issues/39`, `${elastic}/issues/267`],
    scenario: 'trigger-log-size',
    wrong: { forwarder: 'prints-each-record', finding: 'too-much-log' },
  },
  {
    id: 'denied-object-tried-for-ever',
    symptom:
      'An object of another Region or with another key of encryption is denied for good, and tried as if it were not.',
    sources: [`${github}/vectordotdev/vector`, `${s3Guide}/troubleshoot-403-errors.html`],
    scenario: 'store-denied',
    wrong: { forwarder: 'insists-on-every-object', finding: 'invocation-timed-out' },
  },
  {
    id: 'store-busy',
    symptom: 'S3 answers 503 Slow Down, and the object is given up.',
    sources: [
      'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
      `${github}/aws/aws-sdk-js-v3/issues/4897`,
    ],
    scenario: 'store-slow-down',
    wrong: { forwarder: 'passes-over-a-busy-store', finding: 'lost-records' },
  },
  {
    id: 'event-version-refused',
    symptom: 'AWS raises the version of its messages, and the forwarder refuses them all.',
    sources: [`${s3Guide}/notification-content-structure.html`, `${github}/vectordotdev/vector`],
    scenario: 'event-version',
    wrong: { forwarder: 'insists-on-a-version', finding: 'dead-lettered-records' },
  },
  {
    id: 'archived-object',
    symptom: 'An object that lies in an archive cannot be read until it is restored, and is tried for ever.',
    sources: [`${s3Guide}/restoring-objects.html`],
    scenario: 'store-archived',
    wrong: { forwarder: 'insists-on-every-object', finding: 'invocation-timed-out' },
  },
  {
    id: 'damaged-object-cycles',
    symptom: 'A damaged object comes again until the queue forgets it, or is passed over without a word.',
    sources: [
      `${github}/redpanda-data/connect/issues/3221`,
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
    ],
    scenario: 'sqs-damaged-object',
    wrong: { forwarder: 'calls-every-batch-done', finding: 'bad-object-unreported' },
  },
  {
    id: 'visibility-shorter-than-the-work',
    symptom: 'A message shows again while it is still worked on, and is forwarded twice.',
    sources: [`${github}/redpanda-data/connect/issues/4468`, `${lambdaGuide}/services-sqs-configure.html`],
    scenario: 'sqs-short-visibility',
    builtin: {
      fails: 'doubled-records',
      because: 'it keeps no ledger of what is being forwarded; the queue’s settings are not its own',
    },
  },
  {
    id: 'queue-shared-by-two',
    symptom: 'Two consumers of one queue see half of the messages each.',
    sources: ['https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html'],
    scenario: {
      missing: 'a run has one target',
    },
  },
  {
    id: 'older-event-overtakes',
    symptom:
      'The event of an overwritten object comes behind that of what overwrote it, and what lies there is forwarded again.',
    sources: [`${s3Guide}/notification-how-to-event-types-and-destinations.html`],
    scenario: 'event-overtaken',
    wrong: { forwarder: 'right-in-any-envelope', finding: 'doubled-records' },
  },
];

export const triggerBugs: readonly FieldBug[] = bugs.map((bug) => ({ group: 'triggers', builtin: 'pass', ...bug }));
