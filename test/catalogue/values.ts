// Field bugs that change a value, its type or its time, or take different records for one.

import type { FieldBug } from '../catalogue.ts';

const github = 'https://github.com';
const coralogix = `${github}/coralogix/coralogix-aws-shipper`;
const elastic = `${github}/elastic/elastic-serverless-forwarder`;
const collectorExtension = `${github}/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/encoding/awslogsencodingextension`;
const signozJson = `${github}/SigNoz/signoz-otel-collector/blob/main/receiver/httplogreceiver/bodyparser/json.go`;
const signozExporter = `${github}/SigNoz/signoz-otel-collector/blob/main/exporter/clickhouselogsexporter/exporter.go`;
const openSearchLoader = `${github}/aws-samples/siem-on-amazon-opensearch-service`;
const guide = 'https://signoz.io/docs/aws-monitoring/vpc/';
const recordsPage = 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html';

type ValueBug = Omit<FieldBug, 'group' | 'builtin'> & Partial<Pick<FieldBug, 'builtin'>>;

const bugs: readonly ValueBug[] = [
  {
    id: 'one-field-of-two-types',
    symptom: 'A field is a number, and a text where it does not fit into 32 bits: a query on one misses the other.',
    sources: [coralogix, signozExporter],
    scenario: 'values-large-numbers',
    wrong: { forwarder: 'leaves-large-numbers-texts', finding: 'type-unstable:bytes' },
  },
  {
    id: 'time-in-another-unit',
    symptom: 'Seconds are sent as nanoseconds or milliseconds, and the logs are of 1970 or of the year 56,000.',
    sources: [`${github}/grafana/loki/issues/7159`, signozExporter],
    scenario: 'values-time-unit',
    wrong: { forwarder: 'takes-seconds-for-nanoseconds', finding: 'invisible-in-signoz' },
  },
  {
    id: 'dated-at-its-arrival',
    symptom: 'No timestamp is sent, and logs show at the time at which they came, out of order.',
    sources: [guide, coralogix, signozJson],
    scenario: 'values-own-time',
    wrong: { forwarder: 'sends-no-time', finding: 'timestamp-off' },
  },
  {
    id: 'end-before-start',
    symptom: 'A flow ends before it starts, and what reckons with its duration breaks or mends it.',
    sources: [guide],
    scenario: 'values-ends-before-start',
    wrong: { forwarder: 'puts-times-in-order', finding: 'altered-records' },
  },
  {
    id: 'leading-zeros-lost',
    symptom: 'An account becomes a number, and loses the zeros that it begins with.',
    sources: [`${github}/vectordotdev/vrl/issues/415`, `${github}/DataDog/datadog-agent/issues/36919`],
    scenario: 'values-leading-zeros',
    wrong: { forwarder: 'drops-leading-zeros', finding: 'altered-records' },
  },
  {
    id: 'unknown-account-refused',
    symptom: 'The account of a record is the word unknown, and a check for twelve digits refuses it.',
    sources: [`${github}/airbnb/streamalert/issues/315`, `${github}/vectordotdev/vrl/issues/263`, recordsPage],
    scenario: 'values-unknown-account',
    wrong: { forwarder: 'wants-twelve-digits', finding: 'lost-records' },
  },
  {
    id: 'zero-taken-for-nothing',
    symptom: 'A port, a protocol or a count of 0 is left out, like a value that is not there.',
    sources: [`${github}/obsrvbl/flowlogs-reader`],
    scenario: 'values-zeros',
    wrong: { forwarder: 'takes-zero-for-nothing', finding: 'altered-records' },
  },
  {
    id: 'keys-beside-attributes',
    symptom:
      'Keys of a record’s own stand beside its attributes, and SigNoz drops some of them, now these and now those.',
    sources: [signozJson],
    scenario: {
      missing:
        'what the real receiver keeps of such a record is chance; the fake makes one of its outcomes, and a warning says so',
    },
  },
  {
    id: 'null-as-a-text',
    symptom: 'What is not there is sent as null, and arrives as a word.',
    sources: [signozJson],
    scenario: 'values-dashes',
    wrong: { forwarder: 'writes-null-for-a-dash', finding: 'altered-records' },
  },
  {
    id: 'type-follows-the-file-format',
    symptom: 'A field has one type where it came from text, and another where it came from Parquet.',
    sources: ['https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html', recordsPage],
    scenario: { missing: 'a run writes files of one format, and no check compares the types of two runs' },
  },
  {
    id: 'packet-address-lost',
    symptom: 'The format has the packet’s addresses and not the interface’s, and no address arrives.',
    sources: [collectorExtension],
    scenario: 'values-packet-addresses',
    wrong: { forwarder: 'drops-packet-addresses', finding: 'field-missing:pkt-srcaddr' },
  },
  {
    id: 'middle-address-misnamed',
    symptom: 'Behind a NAT gateway a record has two addresses a side, and one stands under the name of the other.',
    sources: [collectorExtension],
    scenario: 'values-middle-address',
    wrong: { forwarder: 'takes-the-packet-for-the-interface', finding: 'altered-records' },
  },
  {
    id: 'resource-of-the-last-line',
    symptom: 'One resource is made of a file, and the account of its last line stands on all its records.',
    sources: [collectorExtension],
    scenario: 'values-two-accounts',
    wrong: { forwarder: 'gives-all-the-last-account', finding: 'altered-records' },
  },
  {
    id: 'equal-lines-collapse',
    symptom: 'A record is named by the hash of its text, and equal lines become one.',
    sources: [openSearchLoader],
    scenario: 'values-equal-lines',
    wrong: { forwarder: 'drops-equal-lines', finding: 'lost-records' },
  },
  {
    id: 'ids-collide',
    symptom: 'A record is named by parts of what tells it apart, and others of the same name are dropped.',
    sources: [`${elastic}/issues/677`, `${elastic}/issues/729`],
    scenario: 'values-alike',
    wrong: { forwarder: 'cuts-its-ids-short', finding: 'lost-records' },
  },
  {
    id: 'resource-for-each-object',
    symptom: 'The key of the object is an attribute of the resource, and SigNoz keeps a row for each of them.',
    sources: [
      `${github}/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/awslambdareceiver`,
      signozExporter,
    ],
    scenario: { missing: 'the fake SigNoz keeps no table of resources, and no check counts them' },
  },
  {
    id: 'nanoseconds-through-a-double',
    symptom: 'A time in nanoseconds goes through a double in JSON, and is off by a hundred of them.',
    sources: [signozJson],
    scenario: { missing: 'flow logs tell times in whole seconds: the error is a ten-millionth of what they can show' },
  },
  {
    id: 'severity-guessed-from-words',
    symptom: 'A word in the line makes an error of an ordinary record.',
    sources: [coralogix],
    scenario: { missing: 'a flow log has no severity, so nothing is owed that a check could hold it against' },
  },
];

export const valueBugs: readonly FieldBug[] = bugs.map((bug) => ({ group: 'values', builtin: 'pass', ...bug }));
