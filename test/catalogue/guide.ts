// What is wrong with the Lambda function of SigNoz's own guide (https://signoz.io/docs/aws-monitoring/vpc/), which most forwarders to
// SigNoz begin with: for each defect the saboteurs of the zoo that have it, or why none can.

export interface GuideDefect {
  readonly defect: string;
  /** Names in test/zoo; or why no forwarder of the zoo has it. */
  readonly saboteurs: readonly string[] | { readonly missing: string };
}

function defect(text: string, ...saboteurs: readonly string[]): GuideDefect {
  return { defect: text, saboteurs };
}

function none(text: string, missing: string): GuideDefect {
  return { defect: text, saboteurs: { missing } };
}

const notJudged = 'it costs time or money and no record; no promise says how much of it is owed';
const notCode = 'it stands in the instructions, and a run sees the function alone';

export const guideDefects: readonly GuideDefect[] = [
  defect('The event is ignored, and the whole bucket is read and sent each time.', 'rescans-the-bucket'),
  defect('One page of the listing is read: what lies behind 1,000 keys is never sent.', 'lists-one-page'),
  defect('An empty listing has no Contents, and fails.', 'fails-for-what-was-deleted'),
  defect(
    'The name of the bucket is in the code: other buckets’ events are answered with its objects.',
    'rescans-the-bucket',
  ),
  defect('Only keys that end in .log.gz are read.', 'wants-one-suffix'),
  defect(
    'Any object in the bucket is taken for a flow log.',
    'takes-the-first-line-for-a-header',
    'assumes-the-default-order',
  ),
  defect('The whole object is held in memory in eight forms.', 'holds-all-in-memory'),
  defect('The lines are written as JSON and read again.', 'holds-all-in-memory'),
  none('Each line is split by shlex, twenty times as slow as a split.', notJudged),
  defect('The time limit of three seconds ends it in the middle, and the retry begins anew.', 'knows-no-time-limit'),
  defect('The time that is left is never looked at.', 'knows-no-time-limit'),
  defect(
    'A file is one body: beyond 16 MB it can never be delivered.',
    'never-splits-a-body',
    'drops-what-is-too-large',
  ),
  none('The body is not compressed.', notJudged),
  defect('The status is printed and never checked.', 'swallows-429', 'never-tries-again', 'knows-one-error-only'),
  defect('Nothing is tried again.', 'never-tries-again'),
  defect('No request has a time limit: a silent sink takes the whole invocation.', 'knows-no-time-limit'),
  defect(
    'One error ends the loop, and all later objects of the listing are not sent.',
    'gives-up-with-the-first-message',
  ),
  defect('The header is sent as a record.', 'ships-the-header'),
  defect('Fourteen names are given by position.', 'assumes-the-default-order', 'knows-fourteen-fields'),
  defect('A dash is sent as a text.', 'writes-null-for-a-dash'),
  defect('All values are texts.', 'leaves-large-numbers-texts'),
  defect('No timestamp is sent.', 'sends-no-time'),
  none('No body is sent: the line in the explorer is empty.', 'attributes without a body are a layout like others'),
  defect('Nothing is said of account and Region as a resource.', 'gives-all-the-last-account'),
  defect('A blank line becomes an empty record.', 'sends-blank-lines'),
  defect('Quotes are syntax: an open one ends the run.', 'takes-quotes-for-syntax'),
  defect('One byte that is no UTF-8 ends the run.', 'refuses-invalid-utf8'),
  defect('All content is printed.', 'prints-each-record'),
  defect('A cut gzip raises, and blocks what stands behind it.', 'gives-up-with-the-first-message'),
  defect('Records have no name of their own, so copies cannot be told.', 'sends-a-batch-twice'),
  defect('Each retry sends the whole bucket once more.', 'rescans-the-bucket', 'sends-the-last-event-again'),
  defect('No queue and no destination keep what failed.', 'catches-everything'),
  defect('A trigger for all events makes deletions and copies send all again.', 'reads-every-event'),
  defect(
    'Envelopes of SNS, SQS and EventBridge pass because no event is read.',
    'unwraps-no-topic',
    'knows-no-eventbridge',
  ),
  defect('A redirect makes a GET of the POST, and 200 is printed.', 'follows-a-redirect'),
  defect('A refused key is printed and ignored.', 'has-an-old-key'),
  none('The key stands in the source.', notCode),
  none('The role may do everything with S3.', notCode),
  defect('Events that come at once scan in parallel.', 'rescans-the-bucket'),
  defect('An object that vanishes after the listing ends the loop.', 'fails-for-what-was-deleted'),
  defect('Each request opens a connection.', 'opens-ten-connections'),
  defect('The layer is packed with the wrong root, and no event is handled.', 'imports-what-is-not-there'),
  none('No metrics and no alarms tell of any of this.', notCode),
  none(
    'Region and bucket are the function’s own: a bucket of another Region fails.',
    'scenario store-redirect of the catalogue',
  ),
  defect('Short and long lines are not told from whole ones.', 'refuses-a-short-line', 'shifts-at-two-spaces'),
  defect('SigNoz’s fifteen days are not known to it.', 'takes-seconds-for-nanoseconds'),
  defect('It posts to a path with a slash at the end: 404, and everything is lost.', 'adds-a-slash'),
];
