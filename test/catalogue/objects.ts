// Field bugs that show by what lies in the bucket: how files are written, packed, damaged and named.

import type { FieldBug } from '../catalogue.ts';

const github = 'https://github.com';
const guide = 'https://signoz.io/docs/aws-monitoring/vpc/';
const datadog = `${github}/DataDog/datadog-serverless-functions`;
const newRelicS3 = `${github}/newrelic/aws_s3_log_ingestion_lambda`;
const elastic = `${github}/elastic/elastic-serverless-forwarder`;
const coralogix = `${github}/coralogix/coralogix-aws-shipper`;
const promtail = `${github}/grafana/lambda-promtail`;
const honeycomb = `${github}/honeycombio/agentless-integrations-for-aws`;
const collector = `${github}/open-telemetry/opentelemetry-collector-contrib`;
const encoding = `${collector}/tree/main/extension/encoding/awslogsencodingextension`;
const siem = `${github}/aws-samples/siem-on-amazon-opensearch-service`;
const panther = `${github}/panther-labs/panther`;
const sumo = `${github}/SumoLogic/sumologic-aws-lambda`;
const vector = `${github}/vectordotdev/vector`;
const records = 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html';

type ObjectBug = Omit<FieldBug, 'group' | 'builtin'> & Partial<Pick<FieldBug, 'builtin'>>;

const bugs: readonly ObjectBug[] = [
  {
    id: 'header-sent-as-a-record',
    symptom: 'Each object brings a record whose version is "version" and whose account is "account-id".',
    sources: [guide, newRelicS3, elastic],
    scenario: 'object-header',
    wrong: { forwarder: 'sends-the-header', finding: 'header-sent' },
  },
  {
    id: 'custom-format-not-read',
    symptom: 'The header is dropped unread, so nobody behind can tell what the values of a custom format are.',
    sources: [`${datadog}/tree/master/aws/logs_monitoring`, promtail],
    scenario: 'object-custom-format',
    wrong: { forwarder: 'takes-the-default-format', finding: 'lost-records' },
  },
  {
    id: 'fourteen-fixed-positions',
    symptom: 'Values come under wrong names, or the function fails, where a format has other fields or another order.',
    sources: [`${datadog}/tree/master/aws/vpc_flow_log_monitoring`, `${honeycomb}/issues/236`, guide],
    scenario: 'object-permuted-formats',
    wrong: { forwarder: 'splits-into-fourteen', finding: 'dead-lettered-records' },
  },
  {
    id: 'fields-beyond-the-fourteenth-vanish',
    symptom: 'A format of later versions arrives with its first fields alone.',
    sources: [guide, records],
    scenario: 'object-many-fields',
    wrong: { forwarder: 'trusting', finding: 'field-missing:vpc-id' },
  },
  {
    id: 'dash-is-no-number',
    symptom: 'A line with a dash for a number does not match the pattern of lines, and is gone.',
    sources: [`${honeycomb}/issues/237`, records],
    scenario: 'object-dashes',
    wrong: { forwarder: 'drops-what-is-no-number', finding: 'lost-records' },
  },
  {
    id: 'unmeasured-record-fails-the-file',
    symptom: 'NODATA and SKIPDATA records lack what the parser insists on, and their object fails again and again.',
    sources: [
      `${github}/turbot/tailpipe-plugin-aws/issues/277`,
      `${github}/turbot/tailpipe-plugin-aws/pull/278`,
      `${github}/airbnb/streamalert/issues/309`,
      `${github}/obsrvbl-oss/flowlogs-reader/pull/2`,
    ],
    scenario: 'object-nodata',
    wrong: { forwarder: 'insists-on-numbers', finding: 'dead-lettered-records' },
  },
  {
    id: 'ipv6-dropped',
    symptom: 'Flows over IPv6 never arrive.',
    sources: [honeycomb],
    scenario: 'object-ipv6',
    wrong: { forwarder: 'knows-ipv4-alone', finding: 'lost-records' },
  },
  {
    id: 'header-of-another-file',
    symptom: 'The fields of the first file are those of every later one, as long as the process lives.',
    sources: [encoding],
    scenario: 'object-two-formats',
    wrong: { forwarder: 'remembers-a-header', finding: 'lost-records' },
  },
  {
    id: 'carriage-return-in-the-last-value',
    symptom: 'The last value of each line ends in a CR.',
    sources: [coralogix],
    scenario: 'object-crlf',
    wrong: { forwarder: 'keeps-the-carriage-return', finding: 'altered-records' },
  },
  {
    id: 'blank-line-fails-the-file',
    symptom: 'One blank line costs the whole file, or arrives as an empty record.',
    sources: [encoding, guide],
    scenario: 'object-blank-lines',
    wrong: { forwarder: 'insists-on-as-many-values', finding: 'dead-lettered-records' },
  },
  {
    id: 'last-line-waits-for-a-newline',
    symptom: 'The last record of a file that does not end in a newline is missing.',
    sources: ['https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap03.html'],
    scenario: 'object-no-last-newline',
    wrong: { forwarder: 'waits-for-the-last-newline', finding: 'lost-records' },
  },
  {
    id: 'cut-taken-for-the-end',
    symptom: 'The tail of a gzip that breaks off is missing, and the function reports success.',
    sources: [coralogix, `${promtail}/blob/main/pkg/s3.go`, `${github}/aws/aws-sdk-js/issues/257`],
    scenario: 'object-cut',
    wrong: { forwarder: 'takes-a-cut-for-the-end', finding: 'bad-object-unreported' },
  },
  {
    id: 'checksum-unread',
    symptom: 'Bytes that are wrong are delivered as if they were right, since gzip’s checksum comes at the end.',
    sources: ['https://datatracker.ietf.org/doc/html/rfc1952#section-2.3.1'],
    scenario: 'object-flip',
    wrong: { forwarder: 'checks-no-checksum', finding: 'bad-object-unreported' },
  },
  {
    id: 'first-gzip-member-alone',
    symptom: 'Of a file that was put together from several gzips only the first part arrives.',
    sources: [
      `${vector}/issues/7061`,
      `${github}/nodejs/node/issues/58247`,
      `${github}/oven-sh/bun/issues/31522`,
      `${github}/101arrowz/fflate/issues/287`,
    ],
    scenario: 'object-members',
    wrong: { forwarder: 'inflates-one-member', finding: 'lost-records' },
  },
  {
    id: 'padding-taken-for-a-header',
    symptom: 'Zeros behind the gzip fail the file.',
    sources: [`${github}/nodejs/node/issues/4306`, `${github}/nodejs/node/pull/5883`],
    scenario: 'object-padding',
    wrong: { forwarder: 'dies-of-padding', finding: 'dead-lettered-records' },
  },
  {
    id: 'empty-object-crashes',
    symptom: 'An object of no bytes fails, and comes again until the queue gives it up.',
    sources: [`${vector}/issues/7710`, `${github}/cherweg/logstash-input-s3-sns-sqs/issues/71`, encoding],
    scenario: 'object-empty',
    wrong: { forwarder: 'inflates-nothing', finding: 'empty-object-refused' },
  },
  {
    id: 'junk-record-of-nothing',
    symptom: 'A gzip of nothing, or a header alone, arrives as a record without content.',
    sources: [guide, siem],
    scenario: 'object-empty-gzip',
    wrong: { forwarder: 'sends-one-record-at-least', finding: 'unexpected-records' },
  },
  {
    id: 'suffix-believed',
    symptom: 'Text under a name in .gz is inflated, which fails.',
    sources: [guide, `${collector}/pull/48339`],
    scenario: 'object-plain-text',
    wrong: { forwarder: 'reads-by-the-suffix', finding: 'dead-lettered-records' },
  },
  {
    id: 'gzip-without-suffix',
    symptom: 'Gzip under another name is read as text, or inflated twice.',
    sources: [`${honeycomb}/issues/23`, `${honeycomb}/pull/98`, `${collector}/issues/42610`],
    scenario: 'object-suffix',
    wrong: { forwarder: 'reads-by-the-suffix', finding: 'lost-records' },
  },
  {
    id: 'gzip-in-gzip',
    symptom: 'A file that was compressed twice is read as text, and its records are gone.',
    sources: [siem],
    scenario: 'object-double-gzip',
    wrong: { forwarder: 'trusting', finding: 'lost-records' },
  },
  {
    id: 'parquet-passed-over',
    symptom: 'Objects in Parquet are ignored without a word, or parsed as text.',
    sources: [
      guide,
      `${collector}/issues/38861`,
      `${collector}/pull/47220`,
      `${siem}/issues/275`,
      `${github}/Azure/Azure-Sentinel/issues/3952`,
    ],
    scenario: 'object-parquet',
    wrong: { forwarder: 'takes-log-gz-alone', finding: 'lost-records' },
  },
  {
    id: 'parquet-held-whole',
    symptom: 'A large object in Parquet ends the process, since all of it is read before its first record.',
    sources: [`${github}/elastic/beats/pull/35183`, `${github}/apache/parquet-format/blob/master/README.md`],
    scenario: 'object-parquet-large',
    wrong: { forwarder: 'takes-log-gz-alone', finding: 'lost-records' },
  },
  {
    id: 'key-of-another-form',
    symptom: 'Hive-compatible or hourly keys, or a prefix, fail the whole event.',
    sources: [`${promtail}/issues/9`, `${github}/grafana/loki/issues/16560`],
    scenario: 'object-hive-keys',
    wrong: { forwarder: 'insists-on-a-key-form', finding: 'dead-lettered-records' },
  },
  {
    id: 'equals-sign-not-decoded',
    symptom: 'Every object with a Hive-compatible key ends in NoSuchKey.',
    sources: [`${collector}/issues/42027`, `${collector}/pull/45364`, honeycomb],
    scenario: 'object-hive-event',
    wrong: { forwarder: 'decodes-no-key', finding: 'dead-lettered-records' },
  },
  {
    id: 'plus-sign-not-decoded',
    symptom: 'Keys with spaces, plus signs or letters beyond ASCII are asked for wrongly.',
    sources: [coralogix, `${siem}/issues/42`, `${promtail}/pull/26`, panther],
    scenario: 'object-key-characters',
    wrong: { forwarder: 'decodes-percent-alone', finding: 'dead-lettered-records' },
  },
  {
    id: 'eventbridge-key-decoded',
    symptom: 'EventBridge encodes no key, and one that is decoded all the same names another object.',
    sources: [datadog, promtail, siem],
    scenario: 'object-key-eventbridge',
    wrong: { forwarder: 'decodes-eventbridge-keys', finding: 'dead-lettered-records' },
  },
  {
    id: 'lone-percent-sign',
    symptom: 'One key that cannot be decoded takes the other objects of its event along.',
    sources: [panther, sumo],
    scenario: 'object-key-percent',
    wrong: { forwarder: 'decodes-twice', finding: 'dead-lettered-records' },
  },
  {
    id: 'large-object-in-memory',
    symptom: 'An object of AWS’s full size ends the process, or is skipped as a success.',
    sources: [`${datadog}/issues/117`, `${newRelicS3}/pull/99`, elastic, coralogix],
    scenario: 'object-large',
    wrong: { forwarder: 'trusting', finding: 'lost-records' },
  },
  {
    id: 'compression-bomb',
    symptom: 'A small gzip that inflates to gigabytes ends the process.',
    sources: ['https://cwe.mitre.org/data/definitions/409.html'],
    scenario: 'object-bomb',
    wrong: { forwarder: 'trusting', finding: 'dead-lettered-records' },
  },
  {
    id: 'long-line-ends-the-file',
    symptom: 'All that comes behind a line of more than 64 KiB is lost, and the function reports success.',
    sources: [promtail, honeycomb, 'https://pkg.go.dev/bufio#Scanner'],
    scenario: 'object-long-line',
    wrong: { forwarder: 'stops-at-a-long-line', finding: 'lost-records' },
  },
  {
    id: 'invalid-byte-dropped',
    symptom: 'One byte that is no UTF-8 fails the file, or disappears from its value.',
    sources: [coralogix, siem, guide],
    scenario: 'object-invalid-utf8',
    wrong: { forwarder: 'leaves-invalid-bytes-out', finding: 'altered-records' },
  },
  {
    id: 'line-ends-at-other-characters',
    symptom: 'A record breaks in two at U+2028 or a form feed.',
    sources: [`${elastic}/issues/1009`],
    scenario: 'object-line-separators',
    wrong: { forwarder: 'splits-at-every-separator', finding: 'lost-records' },
  },
  {
    id: 'line-ends-with-a-chunk',
    symptom: 'Records are torn wherever a piece of the stream ends.',
    sources: [`${sumo}/blob/main/s3/node.js/s3.js`, elastic],
    scenario: 'object-chunks',
    wrong: { forwarder: 'ends-a-line-with-each-piece', finding: 'lost-records' },
  },
  {
    id: 'second-space-shifts-the-columns',
    symptom: 'Two spaces or a tab put every later value under the wrong name.',
    sources: [coralogix, encoding, 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html'],
    scenario: 'object-two-spaces',
    wrong: { forwarder: 'trusting', finding: 'lost-records' },
  },
  {
    id: 'quotation-mark-stops-the-run',
    symptom: 'A quotation mark in a value fails the file, or merges columns.',
    sources: [guide, 'https://docs.python.org/3/library/shlex.html#shlex.split'],
    scenario: 'object-quotes',
    wrong: { forwarder: 'splits-like-a-shell', finding: 'altered-records' },
  },
  {
    id: 'unknown-field-dropped',
    symptom: 'A field that AWS adds is lost, or brings a warning a record.',
    sources: [encoding, panther],
    scenario: 'object-unknown-field',
    wrong: { forwarder: 'trusting', finding: 'field-missing:future-field' },
  },
  {
    id: 'odd-value-fails-the-file',
    symptom: 'One value outside of what the parser knows costs the whole file.',
    sources: [encoding],
    scenario: 'object-odd-values',
    wrong: { forwarder: 'insists-on-numbers', finding: 'dead-lettered-records' },
  },
  {
    id: 'row-of-another-length-fails-the-file',
    symptom: 'One row with a value too few or too many costs the whole file.',
    sources: [encoding],
    scenario: 'object-row-length',
    wrong: { forwarder: 'insists-on-as-many-values', finding: 'dead-lettered-records' },
  },
  {
    id: 'foreign-file-taken-for-flow-logs',
    symptom: 'Folder markers, write tests and logs of other services are sent as records, or fail for ever.',
    sources: [panther, newRelicS3],
    scenario: 'object-foreign',
    wrong: { forwarder: 'takes-all-for-flow-logs', finding: 'unexpected-records' },
  },
  {
    id: 'taken-up-at-the-wrong-place',
    symptom:
      'A large object that is taken up again is inflated anew from its first byte, or goes on behind what was never delivered.',
    sources: [`${elastic}/blob/main/storage/decorator.py`, elastic],
    scenario: 'object-taken-up-again',
    wrong: { forwarder: 'keeps-a-position', finding: 'lost-records' },
  },
  {
    id: 'first-record-taken-for-the-header',
    symptom: 'A file without a header line loses its first record.',
    sources: [panther],
    scenario: 'object-no-header',
    wrong: { forwarder: 'takes-the-default-format', finding: 'lost-records' },
  },
];

export const objectBugs: readonly FieldBug[] = bugs.map((bug) => ({ group: 'objects', builtin: 'pass', ...bug }));
