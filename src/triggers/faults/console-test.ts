// Somebody presses the test button of the Lambda console: its template "S3 Put" names an object that nobody has.

import { Type } from 'typebox';

import { eventFault, selectionSchemas, sendsBefore } from './kind.ts';

export const consoleTestFault = eventFault<object>({
  kind: 'event.console-test',
  summary:
    "sends the Lambda console's S3 test event, whose object does not exist: before the first event, or where you say",
  triggers: ['s3-event'],
  isOnce: true,
  config: Type.Object(
    { kind: Type.Literal('event.console-test'), ...selectionSchemas },
    { additionalProperties: false, description: "The Lambda console's test event comes." },
  ),
  open: sendsBefore(() => ({ type: 'console-test' })),
});
