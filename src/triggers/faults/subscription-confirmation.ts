// SNS asks a queue that was subscribed from another account to confirm: a message that nobody unwraps (SNS guide, "Sending Amazon
// SNS messages to an Amazon SQS queue in a different account").

import { Type } from 'typebox';

import { eventFault, selectionSchemas, sendsBefore } from './kind.ts';

export const subscriptionConfirmationFault = eventFault<object>({
  kind: 'event.subscription-confirmation',
  summary: "puts SNS's request to confirm a subscription into the queue: before the first event, or where you say",
  triggers: ['sns-sqs'],
  isOnce: true,
  config: Type.Object(
    { kind: Type.Literal('event.subscription-confirmation'), ...selectionSchemas },
    { additionalProperties: false, description: 'SNS asks to confirm a subscription.' },
  ),
  open: sendsBefore(() => ({ type: 'subscription-confirmation' })),
});
