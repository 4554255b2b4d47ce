// Field bugs that show when SigNoz, or what stands before it, goes wrong.

import type { FieldBug } from '../catalogue.ts';

const github = 'https://github.com';
const receiver = `${github}/SigNoz/signoz-otel-collector/blob/main/receiver/httplogreceiver/httplogreceiver.go`;
const troubleshooting = 'https://signoz.io/docs/ingestion/signoz-cloud/troubleshooting/';
const otlp = `${github}/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md`;
const datadog = `${github}/DataDog/datadog-serverless-functions`;
const newRelicS3 = `${github}/newrelic/aws_s3_log_ingestion_lambda`;
const elastic = `${github}/elastic/elastic-serverless-forwarder`;
const guide = 'https://signoz.io/docs/aws-monitoring/vpc/';

type SinkBug = Omit<FieldBug, 'group' | 'builtin'> & Partial<Pick<FieldBug, 'builtin'>>;

const bugs: readonly SinkBug[] = [
  {
    id: 'retry-after-ignored',
    symptom: 'Retry-After is not read, or read in the wrong unit or form, and the throttled sink is hammered.',
    sources: [
      `${github}/open-telemetry/opentelemetry-go/issues/8383`,
      `${github}/open-telemetry/opentelemetry-java/issues/8449`,
    ],
    scenario: 'sink-retry-after',
    wrong: { forwarder: 'trusting', finding: 'retry-after-ignored' },
  },
  {
    id: 'throttling-not-retried',
    symptom: 'A 429 is no error that is tried again: the batch is lost.',
    sources: [
      `${github}/open-telemetry/opentelemetry-python/issues/5339`,
      `${github}/open-telemetry/opentelemetry-python/issues/5460`,
    ],
    scenario: 'sink-429-thrice',
    wrong: { forwarder: 'swallows-429', finding: 'lost-records' },
  },
  {
    id: 'sleeps-through-the-invocation',
    symptom: 'The forwarder waits for the end of a long throttle, and every invocation is paid to its last second.',
    sources: [`${github}/coralogix/coralogix-aws-shipper`],
    scenario: 'sink-long-throttle',
    wrong: { forwarder: 'retries-for-ever', finding: 'invocation-timed-out' },
  },
  {
    id: 'passing-error-loses-the-batch',
    symptom: 'One 500, 502, 503 or 504 loses a batch.',
    sources: [datadog, `${github}/SumoLogic/sumologic-aws-lambda`, guide],
    scenario: 'sink-5xx-once',
    wrong: { forwarder: 'treats-any-answer-as-success', finding: 'lost-records' },
  },
  {
    id: 'refusal-taken-as-success',
    symptom: 'A status that is no 2xx clears the buffer as if it were one.',
    sources: [`${elastic}/blob/main/shippers/logstash.py`, `${elastic}/issues/880`],
    scenario: 'sink-refusals',
    wrong: { forwarder: 'treats-any-answer-as-success', finding: 'untruthful-acknowledgement' },
  },
  {
    id: 'ambiguous-failure-doubled',
    symptom: 'The sink has kept a request whose answer was an error, and more copies follow than the one that must.',
    sources: [otlp],
    scenario: 'sink-commit-then-503',
    wrong: { forwarder: 'sends-twice-after-an-error', finding: 'doubled-records' },
  },
  {
    id: 'broken-connection-fatal',
    symptom: 'A connection that breaks in the middle of a body is no HTTP error, so nobody handles it.',
    sources: [newRelicS3],
    scenario: 'sink-reset-mid',
    wrong: { forwarder: 'swallows-connection-errors', finding: 'lost-records' },
  },
  {
    id: 'no-limit-for-a-slow-answer',
    symptom: 'A sink that answers late, or in part, holds the invocation until it is killed.',
    sources: [`${github}/newrelic/aws-log-ingestion`, guide],
    scenario: 'sink-slow',
    wrong: { forwarder: 'trusting', finding: 'invocation-timed-out' },
  },
  {
    id: 'body-over-the-limit',
    symptom: 'Objects beyond some 50,000 records never arrive: as one body they are larger than SigNoz takes.',
    sources: [troubleshooting, `${newRelicS3}/issues/32`],
    scenario: 'sink-max-body',
    wrong: { forwarder: 'whole-object-in-one-body', finding: 'dead-lettered-records' },
  },
  {
    id: 'poison-record-takes-its-batch-along',
    symptom: 'One record that the receiver cannot take fails its whole batch, again and again or for good.',
    sources: [
      `${github}/SigNoz/signoz-otel-collector/blob/main/receiver/httplogreceiver/bodyparser/json.go`,
      `${github}/grafana/loki/issues/7159`,
      `${github}/grafana/loki/issues/6455`,
    ],
    scenario: 'sink-poison',
    wrong: { forwarder: 'drops-a-refused-batch', finding: 'lost-records' },
  },
  {
    id: 'partial-success-taken-as-success',
    symptom: 'The body of a 200 says that records were rejected, and nobody reads it.',
    sources: [
      `${github}/open-telemetry/opentelemetry-collector/issues/9260`,
      `${github}/open-telemetry/opentelemetry-specification/issues/3480`,
    ],
    scenario: 'sink-partial-success',
    wrong: { forwarder: 'ignores-partial-success', finding: 'lost-records' },
  },
  {
    id: 'acknowledged-and-not-stored',
    symptom: 'SigNoz answers 200 and stores nothing: too old, over a quota, or lost behind its queue.',
    sources: [
      `${github}/SigNoz/signoz-otel-collector/blob/main/exporter/clickhouselogsexporter/exporter.go`,
      'https://signoz.io/docs/ingestion/signoz-cloud/keys/',
    ],
    scenario: 'sink-blackhole',
    builtin: { fails: 'lost-records', because: 'no client can know; the rig counts what was kept' },
  },
  {
    id: 'redirect-turns-post-into-get',
    symptom: 'The client follows a redirect with a GET, SigNoz answers 200, and the batch is gone.',
    sources: [`${github}/psf/requests/issues/4515`, `${github}/psf/requests/issues/5494`, receiver],
    scenario: 'sink-redirect',
    wrong: { forwarder: 'trusting', finding: 'lost-records' },
  },
  {
    id: 'tls-errors-hidden',
    symptom: 'A wrong certificate is accepted, or its error swallowed.',
    sources: [datadog],
    scenario: 'sink-tls',
    wrong: { forwarder: 'verifies-no-certificate', finding: 'bad-certificate-accepted' },
  },
  {
    id: 'name-not-resolved',
    symptom: 'A resolver that fails for a moment loses what was to be sent.',
    sources: ['https://nodejs.org/api/dns.html#error-codes'],
    scenario: 'sink-dns',
    wrong: { forwarder: 'swallows-connection-errors', finding: 'lost-records' },
  },
  {
    id: 'wrong-key-unnoticed',
    symptom: 'A wrong or rotated key is answered 401 or 403, and that is printed at most.',
    sources: [guide, `${elastic}/blob/main/shippers/logstash.py`],
    scenario: 'sink-bad-key',
    wrong: { forwarder: 'treats-any-answer-as-success', finding: 'lost-records' },
  },
  {
    id: 'wrong-path-unnoticed',
    symptom: 'A slash behind the path is answered 404, and everything is lost without a word.',
    sources: [troubleshooting, `${github}/SigNoz/signoz/pull/6176`],
    scenario: 'sink-wrong-path',
    wrong: { forwarder: 'posts-to-a-trailing-slash', finding: 'lost-records' },
  },
  {
    id: 'refused-encoding',
    symptom: 'The receiver takes no compressed body, and the forwarder has no other.',
    sources: [
      `${github}/open-telemetry/opentelemetry-collector/blob/main/config/confighttp/compression.go`,
      'https://signoz.io/docs/ingestion/signoz-cloud/overview/',
    ],
    scenario: 'sink-refused-encoding',
    wrong: { forwarder: 'compresses-whatever-signoz-says', finding: 'lost-records' },
  },
  {
    id: 'web-page-taken-as-success',
    symptom: 'A proxy or captive portal answers 200 with a page of its own.',
    sources: ['https://datatracker.ietf.org/doc/html/rfc8952'],
    scenario: 'sink-html',
    wrong: { forwarder: 'trusting', finding: 'lost-records' },
  },
  {
    id: 'sockets-leak',
    symptom: 'Each request leaves a connection open, until the process has no more.',
    sources: [`${github}/aws/aws-sdk-js-v3/issues/6691`],
    scenario: 'sink-sockets',
    wrong: { forwarder: 'leaks-sockets', finding: 'too-many-connections' },
  },
  {
    id: 'retry-store-loses-the-rest',
    symptom: 'What was stored for a retry is deleted behind its first batch, or never stored again.',
    sources: [`${datadog}/tree/master/aws/logs_monitoring`],
    scenario: 'sink-retry-store',
    wrong: { forwarder: 'forgets-the-rest', finding: 'lost-records' },
  },
  {
    id: 'oversize-record-vanishes',
    symptom: 'A record that is larger than a limit is dropped without a trace.',
    sources: [datadog, `${newRelicS3}/issues/32`],
    scenario: 'sink-oversize-record',
    wrong: { forwarder: 'stops-at-a-long-line', finding: 'lost-records' },
  },
  {
    id: 'connection-storm',
    symptom: 'Each invocation opens tens of connections at once.',
    sources: [newRelicS3],
    scenario: 'sink-connections',
    wrong: { forwarder: 'sends-all-at-once', finding: 'too-many-connections' },
  },
  {
    id: 'long-outage',
    symptom: 'The sink is down for hours: what came meanwhile is lost, or costs a fortune.',
    sources: [
      'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html',
      'https://grafana.com/docs/loki/latest/send-data/promtail/',
    ],
    scenario: 'sink-outage',
    wrong: { forwarder: 'treats-any-answer-as-success', finding: 'lost-records' },
  },
  {
    id: 'upload-stalls',
    symptom: 'The sink stops reading, and no limit of time covers the upload.',
    sources: ['https://nodejs.org/api/http.html#requestsettimeouttimeout-callback'],
    scenario: 'sink-slow-read',
    wrong: { forwarder: 'trusting', finding: 'invocation-timed-out' },
  },
];

export const sinkBugs: readonly FieldBug[] = bugs.map((bug) => ({ group: 'sink', builtin: 'pass', ...bug }));
