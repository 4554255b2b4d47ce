// A forwarder that polls a queue, as services do: `node poller.mjs QUEUE_URL [quirk]`. Right as it stands; a quirk breaks it.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

import { newHandler } from '../../zoo/forwarders/pipeline.mjs';

const [QueueUrl, quirk] = process.argv.slice(2);
const sqs = new SQSClient({});
const forward = newHandler();
let stopping = false;
process.on('SIGTERM', () => (stopping = true));

/** True once, however often this program is started. */
function isFirst(name) {
  const mark = join(process.env.HOME, name);
  if (existsSync(mark)) return false;
  writeFileSync(mark, '');
  return true;
}

async function handle({ Body, ReceiptHandle }) {
  const remove = () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const event = JSON.parse(Body);
  if (quirk === 'deletes-first') await remove();
  if (quirk === 'drops' && isFirst('dropped')) return remove();
  if (event.Records) await forward(event);
  if (quirk === 'deletes-first') return;
  // The message is shown again before it is deleted.
  if (quirk === 'slow' && isFirst('slow')) await new Promise((resolve) => setTimeout(resolve, 1500));
  if (quirk === 'crashes' && isFirst('crashed')) process.exit(3);
  await remove();
}

console.log('polling');
while (!stopping) {
  const input = { QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: quirk === 'slow' ? 1 : 10 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
  for (const message of Messages) {
    const handled = handle(message);
    // It polls on meanwhile, and so meets the message again.
    if (quirk !== 'slow') await handled;
  }
}
process.exit(0);
