// Files of others below the same prefix: other AWS logs, and the files by which services try whether they may write.

import { gzipSync } from 'node:zlib';

import { Type } from 'typebox';

import { objectFault } from './kind.ts';

interface ForeignFile {
  readonly name: string;
  readonly bytes: () => Buffer;
}

const trail = {
  Records: [
    {
      eventVersion: '1.08',
      userIdentity: { type: 'AWSService', invokedBy: 'delivery.logs.amazonaws.com' },
      eventTime: '2026-01-01T00:00:00Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'PutObject',
      awsRegion: 'us-east-1',
    },
  ],
};

/** Forms: AWS CloudTrail User Guide, "CloudTrail log file examples"; Elastic Load Balancing, "Access logs for your Application Load
 * Balancer"; Amazon CloudWatch Logs User Guide, "Export log data to Amazon S3" for aws-logs-write-test. */
const files: Readonly<Record<string, ForeignFile>> = {
  cloudtrail: {
    name: '123456789012_CloudTrail_us-east-1_20260101T0000Z_0123456789abcdef.json.gz',
    bytes: () => gzipSync(JSON.stringify(trail)),
  },
  'load-balancer': {
    name: '123456789012_elasticloadbalancing_us-east-1_app.web.0123456789abcdef_20260101T0000Z_10.0.0.5_5xkq.log.gz',
    bytes: () =>
      gzipSync(
        'https 2026-01-01T00:00:00.186641Z app/web/0123456789abcdef 192.0.2.131:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 ' +
          '"GET https://www.example.com:443/ HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 - "-" "-" "-" 0 ' +
          '2026-01-01T00:00:00.048000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"\n',
      ),
  },
  'write-test': { name: 'aws-logs-write-test', bytes: () => Buffer.from('Permission Check Successful') },
  json: { name: 'inventory.json', bytes: () => Buffer.from('{"version":"2016-11-30","files":[]}\n') },
};

const names = Object.keys(files);

export const foreignFault = objectFault<{ readonly file?: string }>({
  kind: 'object.foreign',
  summary: 'stores a file before the object that holds no flow logs: CloudTrail, a load balancer’s log, a write test',
  owes: 'nothing',
  parameters: {
    file: Type.Unsafe<string>({
      enum: names,
      description: 'Which one; by default they take turns.',
      examples: ['cloudtrail'],
    }),
  },
  open: ({ file: named }) => ({
    before(file, { place }) {
      const { name, bytes } = files[named ?? names[place % names.length]!]!;
      const folder = file.key.slice(0, file.key.lastIndexOf('/') + 1);
      return { ...file, key: `${folder}${place}/${name}`, hasHeader: false, text: bytes(), pack: bytes };
    },
  }),
});
