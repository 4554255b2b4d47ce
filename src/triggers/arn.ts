// Names of the services' resources in the account that all of AWS's examples use.

export const accountId = '123456789012';

/** The topic that S3 publishes to, and the queue that the forwarder reads. */
export const topicName = 'flow-logs';

export function arnOf(service: 'sns' | 'sqs' | 'lambda', region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
