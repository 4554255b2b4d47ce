// The table of AWS's promises that tests of the rooms hold. A test that is renamed is renamed here.

export interface KeptPromise {
  readonly promise: string;
  /** The page that makes it. */
  readonly page: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Words that stand in the test's title or body. */
  readonly title: string;
}

const lambda = 'https://docs.aws.amazon.com/lambda/latest/dg';
const s3 = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';
const sns = 'https://docs.aws.amazon.com/sns/latest/dg';
const sqs = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';
const billing = 'https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/';

/** Promise, page, file, title. */
const rows: readonly (readonly [string, string, string, string])[] = [
  [
    'S3 delivers an event at least once',
    `${s3}/notification-how-to-event-types-and-destinations.html`,
    'test/triggers/event-faults.test.ts',
    'a duplicate is the same event once more, told as another delivery of it',
  ],
  [
    'S3 promises no order of events',
    `${s3}/notification-how-to-event-types-and-destinations.html`,
    'test/triggers/event-faults.test.ts',
    'events come in another order, all of them, and the same for one seed',
  ],
  [
    'an event may come a minute late, or later',
    `${s3}/EventNotifications.html`,
    'test/triggers/event-faults.test.ts',
    'an event that is held back is overtaken',
  ],
  [
    'sequencers of one key rise',
    `${s3}/notification-content-structure.html`,
    'test/triggers/s3-message.test.ts',
    'a sequencer is the seconds of its time and more, and rises even where time stands still',
  ],
  [
    'keys are URL-encoded in S3’s message',
    `${s3}/notification-content-structure.html`,
    'test/triggers/s3-message.test.ts',
    'a key decoded as a form field is the key',
  ],
  [
    'EventBridge does not encode keys',
    `${s3}/ev-events.html`,
    'test/triggers/envelopes.test.ts',
    'EventBridge writes the key as it is, and names other than S3’s',
  ],
  [
    'S3 sends s3:TestEvent',
    `${s3}/notification-content-structure.html`,
    'test/triggers/event-faults.test.ts',
    '%s comes once, before the first event, and announces nothing',
  ],
  [
    'SNS wraps a message unless delivery is raw',
    `${sns}/sns-large-payload-raw-message-delivery.html`,
    'test/triggers/envelopes.test.ts',
    'a queue behind SNS gets SNS’s message with S3’s as a text in it, or S3’s alone where delivery is raw',
  ],
  [
    'a failed event is tried again after 1 minute and after 2',
    `${lambda}/invocation-async-error-handling.html`,
    'test/triggers/s3-event.test.ts',
    'a failed event is tried again after 1 minute and after 2, with the same id, and then dead-lettered',
  ],
  [
    'a time limit and a lack of memory are failures too',
    `${lambda}/invocation-async-error-handling.html`,
    'test/triggers/s3-event.test.ts',
    'an event that ended as %s is tried again too',
  ],
  [
    'MaximumRetryAttempts is 0 to 2',
    `${lambda}/invocation-async-configuring.html`,
    'test/triggers/s3-event.test.ts',
    'without retries the first failure is the last',
  ],
  [
    'a throttled event comes back after 1 second to 5 minutes',
    `${lambda}/invocation-async-error-handling.html`,
    'test/triggers/asynchronous.test.ts',
    'a throttled event comes back after 1 s, then after twice as long each time up to 5 minutes',
  ],
  [
    'an event lives for 6 hours',
    `${lambda}/invocation-async-error-handling.html`,
    'test/triggers/asynchronous.test.ts',
    'an event that is throttled for six hours is too old, and is dead-lettered without an attempt',
  ],
  [
    'MaximumEventAge cuts retries short',
    `${lambda}/invocation-async-configuring.html`,
    'test/triggers/asynchronous.test.ts',
    'a maximum event age cuts the retries short',
  ],
  [
    'MaximumEventAge is 60 seconds to 6 hours',
    `${lambda}/invocation-async-configuring.html`,
    'test/cli/validate-triggers.test.ts',
    'times and sizes outside of AWS’s ranges are told with the range',
  ],
  [
    'an event may come twice without an error',
    `${lambda}/invocation-async-error-handling.html`,
    'test/triggers/event-faults.test.ts',
    'a duplicate is the same event once more, told as another delivery of it',
  ],
  [
    'a dead-letter queue gets the event as it was',
    `${lambda}/invocation-async-retain-records.html`,
    'test/triggers/asynchronous.test.ts',
    'a dead-letter queue holds the event as it was, and says why in attributes',
  ],
  [
    'a destination gets the record of the invocation',
    `${lambda}/invocation-async-retain-records.html`,
    'test/triggers/asynchronous.test.ts',
    'an on-failure destination gets the record of the invocation',
  ],
  [
    'without either an event is discarded',
    `${lambda}/invocation-async-retain-records.html`,
    'test/triggers/asynchronous.test.ts',
    'without either the event is gone',
  ],
  [
    'reserved concurrency is a ceiling',
    `${lambda}/configuration-concurrency.html`,
    'test/triggers/asynchronous.test.ts',
    'a reserved concurrency throttles what it has no room for',
  ],
  [
    'a mapping takes 10 messages at once by itself',
    `${lambda}/with-sqs.html`,
    'test/triggers/event-source-mapping.test.ts',
    'messages that wait come in batches, and are gone when the function succeeds',
  ],
  [
    'a batch that failed is visible again after the visibility timeout, and dead-lettered in the end',
    `${lambda}/services-sqs-errorhandling.html`,
    'test/triggers/event-source-mapping.test.ts',
    'a failed batch comes again as a whole when six times the timeout is over, and is dead-lettered in the end',
  ],
  [
    'ReportBatchItemFailures names what failed',
    `${lambda}/services-sqs-errorhandling.html`,
    'test/triggers/event-source-mapping.test.ts',
    'with ReportBatchItemFailures only the messages that the answer names come again',
  ],
  [
    'an invalid answer of batch item failures is a failed batch',
    `${lambda}/services-sqs-errorhandling.html`,
    'test/triggers/event-source-mapping.test.ts',
    'an answer with %s means that the whole batch failed',
  ],
  [
    'a batching window gathers messages',
    `${lambda}/services-sqs-configure.html`,
    'test/triggers/event-source-mapping.test.ts',
    'a batch window gathers what comes until it is over, or until the batch is full',
  ],
  [
    'a message shows again when its visibility timeout is over',
    `${sqs}/sqs-visibility-timeout.html`,
    'test/triggers/event-source-mapping.test.ts',
    'a visibility timeout that runs out hands a message to a second invocation beside the first',
  ],
  [
    'a message received too often goes to the dead-letter queue',
    `${sqs}/sqs-dead-letter-queues.html`,
    'test/triggers/queue.test.ts',
    'a message that was received too often goes to the dead-letter queue',
  ],
  [
    'a mapping begins with five batches at once',
    `${lambda}/services-sqs-scaling.html`,
    'test/triggers/event-source-mapping.test.ts',
    'Lambda begins with five batches at once, and takes more after a minute',
  ],
  [
    'what reserved concurrency refuses of a queue is received again',
    `${lambda}/services-sqs-scaling.html`,
    'test/triggers/event-source-mapping.test.ts',
    'what a reserved concurrency refuses comes again with its visibility timeout, received once more',
  ],
  [
    'the time limit ends an invocation',
    `${lambda}/configuration-timeout.html`,
    'test/targets/lambda-outcomes.test.ts',
    'Task timed out after 2.00 seconds',
  ],
  [
    'a function that takes more memory than it has is ended',
    `${lambda}/configuration-memory.html`,
    'test/targets/lambda-limits.test.ts',
    'what takes more memory than it has is killed by %s, a child too, and the next event begins anew',
  ],
  [
    '1,769 MB are one CPU',
    `${lambda}/configuration-memory.html`,
    'test/targets/lambda-limits.test.ts',
    'test.runIf(kernel?.limitsCpu)(',
  ],
  [
    '/tmp has 512 MB',
    `${lambda}/configuration-ephemeral-storage.html`,
    'test/targets/lambda-limits.test.ts',
    'a sandbox whose TMPDIR holds more than Lambda’s /tmp is ended, and the machine’s /tmp stays visible',
  ],
  [
    'a sandbox has 1,024 processes and threads',
    `${lambda}/gettingstarted-limits.html`,
    'test/targets/lambda-limits.test.ts',
    'a sandbox has 1,024 processes at most',
  ],
  [
    'a response has 6 MB',
    `${lambda}/gettingstarted-limits.html`,
    'test/targets/lambda-outcomes.test.ts',
    'a result over 6 MiB is refused, and the sandbox lives on',
  ],
  [
    'a streamed response may have 200 MB',
    `${lambda}/configuration-response-streaming.html`,
    'test/lambda/runtime-api.test.ts',
    'a streamed response may be longer, and may turn into an error in its middle',
  ],
  [
    'sandboxes freeze between invocations',
    `${lambda}/lambda-runtime-environment.html`,
    'test/targets/lambda-life.test.ts',
    'a sandbox is frozen with all its processes between events, and runs on at the next',
  ],
  [
    'an init that failed is repeated with the first invocation',
    `${lambda}/lambda-runtime-environment.html`,
    'test/targets/lambda-outcomes.test.ts',
    'an init that failed is repeated inside of the time limit of the first event',
  ],
  [
    'the runtime’s variables are reserved, and set',
    `${lambda}/configuration-envvars.html`,
    'test/targets/lambda-life.test.ts',
    'the environment is made and not inherited, and the variables of the user come over it',
  ],
  [
    'REPORT tells duration, billed duration, memory and init',
    `${lambda}/monitoring-cloudwatchlogs-view.html`,
    'test/targets/lambda-outcomes.test.ts',
    'a handler answers, first cold and then warm, and its log has the lines that Lambda writes',
  ],
  [
    'init is billed',
    billing,
    'test/targets/lambda-misbehaviour.test.ts',
    'what an invocation used is told with it, and in sum',
  ],
  [
    'the Runtime API hands an event over with its headers',
    `${lambda}/runtimes-api.html`,
    'test/lambda/runtime-api.test.ts',
    'next hands the event over with its headers, and the response is taken once',
  ],
  [
    'extensions keep a sandbox awake until they wait again',
    `${lambda}/runtimes-extensions-api.html`,
    'test/lambda/runtime-api.test.ts',
    'an extension registers, hears of each invocation, and keeps the sandbox awake until it waits again',
  ],
  [
    'layers lie below /opt, the later over the earlier',
    `${lambda}/packaging-layers.html`,
    'test/targets/lambda-packages.test.ts',
    'layers are found by import and by require, the later over the earlier, the function’s own before them',
  ],
];

export const keptPromises: readonly KeptPromise[] = rows.map(([promise, page, file, title]) => ({
  promise,
  page,
  file,
  title,
}));
