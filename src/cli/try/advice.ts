// What to do about each finding of the ladder: one sentence for people. Ids are stable; a finding without advice speaks for itself.

export const adviceOf: Readonly<Record<string, string>> = {
  'bucket-hard-coded': 'Take bucket and key from the event: Records[].s3.bucket.name and .object.key, the key decoded.',
  'bucket-listed': 'Read the object that the event names, and nothing else.',
  'trailing-slash': 'Post to /logs/json, without a slash at the end, and look at the status.',
  'nothing-arrived': 'See the log below.',
  'initialisation-failed':
    'What it imports must lie beside it or in a layer, for Python also in a requirements.txt that flowrig setup installs; its handler must have the name that the log tells.',
  'header-sent': 'Leave out the first line, and read the names of the fields from it.',
  'doubled-records': 'Send each object once: what an event does not name is another event’s.',
  'lost-records':
    'Look at each answer: what SigNoz did not take must be sent again, or the invocation must fail so that Lambda tries again.',
  'untruthful-acknowledgement':
    'Return only when SigNoz has taken all; else throw, so that Lambda tries again and its dead-letter queue keeps the event.',
  'dead-lettered-records': 'What was given up on must not take records with it that nothing is wrong with.',
  'no-retry': 'Send again after 429 and 5xx, after the time that Retry-After names.',
  'retry-after-ignored': 'Wait as long as Retry-After says before the next request.',
  'no-timestamp': 'Set the timestamp from the field end (or start), in ms or ns.',
  'no-body': 'Set a body: the line itself, or a short sentence.',
  'numbers-as-text': 'Send srcport, dstport, packets and bytes as numbers.',
  'no-resource': 'Set resource attributes, such as service.name, cloud.account.id and cloud.region.',
  'dashes-as-values': 'Leave a field out where AWS writes "-".',
  'out-of-memory': 'Read the object as a stream and send it in batches; until then give the function more memory.',
  'invocation-timed-out':
    'Give the function more time than AWS’s default of 3 s, and stop in time: context tells what is left.',
  'no-request-timeout': 'Give each request a time limit shorter than what is left of the invocation.',
  'whole-object-in-one-request': 'Send batches of some thousand records.',
  'request-too-large': 'Send batches of some thousand records.',
  'not-compressed': 'Send Content-Encoding: gzip to /v1/logs.',
  'blocked-by-a-bad-object': 'Handle each object by itself, so that a bad one fails alone.',
  'copies-untraceable': 'Give each record its object’s key, or an id made from key and line.',
  'records-logged': 'Log counts, not records.',
  'bad-object-unreported': 'Let the invocation fail where an object cannot be read to its end.',
  'reached-for-the-internet': 'It wanted to leave for another host than SigNoz’s or AWS’s; the rig refused.',
};
