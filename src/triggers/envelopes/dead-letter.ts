// What Lambda leaves of an asynchronous event that it gave up on: the event as it is in a dead-letter queue, or the record of the
// invocation at an on-failure destination (Lambda guide, "Capturing records of Lambda asynchronous invocations", "Dead-letter queues").

import { formatInstant } from '../../core/units.ts';
import { arnOf } from '../arn.ts';
import type { DeadLetter } from '../asynchronous.ts';
import { detailsOf } from '../failure-details.ts';
import type { MessageAttributes } from '../queue/message-attributes.ts';

/** The message of an error is cut to its first KB (same page). */
const maxErrorBytes = 1024;

/** The event's own text, with attributes that say why. */
export function deadLetterMessage({ requestId, payload, outcome }: DeadLetter): {
  body: string;
  attributes: MessageAttributes;
} {
  const message = (outcome && detailsOf(outcome).message) ?? 'The event was too old.';
  return {
    body: JSON.stringify(payload),
    attributes: {
      RequestID: { DataType: 'String', StringValue: requestId },
      // The status with which Lambda itself answered: 200 where the function ran and failed.
      ErrorCode: { DataType: 'Number', StringValue: outcome ? '200' : '429' },
      ErrorMessage: { DataType: 'String', StringValue: Buffer.from(message).subarray(0, maxErrorBytes).toString() },
    },
  };
}

export function destinationRecord(letter: DeadLetter, region: string): object {
  const { requestId, payload, condition, attempts, outcome, atMs } = letter;
  const functionArn = `${arnOf('lambda', region, 'function:forwarder')}:$LATEST`;
  return {
    version: '1.0',
    timestamp: formatInstant(atMs),
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: attempts },
    requestPayload: payload,
    ...(outcome
      ? {
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: responsePayload(outcome),
        }
      : {}),
  };
}

function responsePayload(outcome: NonNullable<DeadLetter['outcome']>): object {
  const { message, errorType } = detailsOf(outcome);
  return { errorMessage: message, ...(errorType === undefined ? {} : { errorType }) };
}
