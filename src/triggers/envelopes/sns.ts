// What Amazon SNS makes of a message: the event of a function that is subscribed (Lambda guide, "Using Lambda with Amazon SNS"), and
// the JSON that a subscribed queue gets (SNS guide, "Parsing Amazon SNS message formats").

import { formatInstant } from '../../core/units.ts';
import { arnOf, topicName } from '../arn.ts';

export interface Published {
  readonly message: string;
  readonly messageId: string;
  readonly region: string;
  readonly atMs: number;
}

/** S3 publishes under this subject (recorded from AWS in vectordotdev/vector, src/sources/aws_s3). */
const subject = 'Amazon S3 Notification';

/** No topic of ours has a key to sign with; a forwarder that checks signatures is out of reach. */
const signature = Buffer.alloc(256, 'flowrig').toString('base64');

export function snsLambdaEvent({ message, messageId, region, atMs }: Published): object {
  const topicArn = arnOf('sns', region, topicName);
  return {
    Records: [
      {
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn(region),
        EventSource: 'aws:sns',
        Sns: {
          SignatureVersion: '1',
          Timestamp: formatInstant(atMs),
          Signature: signature,
          SigningCertURL: certificateUrl(region),
          MessageId: messageId,
          Message: message,
          MessageAttributes: {},
          Type: 'Notification',
          // Spelt so in Lambda events, `UnsubscribeURL` in messages.
          UnsubscribeUrl: unsubscribeUrl(region),
          TopicArn: topicArn,
          Subject: subject,
        },
      },
    ],
  };
}

export function snsQueueMessage({ message, messageId, region, atMs }: Published): object {
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: arnOf('sns', region, topicName),
    Subject: subject,
    Message: message,
    Timestamp: formatInstant(atMs),
    SignatureVersion: '1',
    Signature: signature,
    SigningCertURL: certificateUrl(region),
    UnsubscribeURL: unsubscribeUrl(region),
  };
}

/** Never wrapped and never raw: it is SNS's own word (SNS guide, "HTTP/HTTPS subscription confirmation JSON format"). */
export function subscriptionConfirmation({ messageId, region, atMs }: Omit<Published, 'message'>): object {
  const topicArn = arnOf('sns', region, topicName);
  const token = Buffer.alloc(64, messageId).toString('hex');
  return {
    Type: 'SubscriptionConfirmation',
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `https://sns.${region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`,
    Timestamp: formatInstant(atMs),
    SignatureVersion: '1',
    Signature: signature,
    SigningCertURL: certificateUrl(region),
  };
}

function subscriptionArn(region: string): string {
  return `${arnOf('sns', region, topicName)}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`;
}

function certificateUrl(region: string): string {
  return `https://sns.${region}.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;
}

function unsubscribeUrl(region: string): string {
  return `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn(region)}`;
}
