// LocalStack as Docker starts it for a run: the real one, in an image of this machine's own where there is no registry; and what is said
// where the image is not to be had, or asks for an account.

import { expect, test } from 'vitest';

import { run } from '../../src/index.ts';
import { testFolder } from '../cli/test-host.ts';
import { docker, images, needsDocker } from './with-docker.ts';

needsDocker();

function scenarioWith(image: string): object {
  return { version: 1, name: 'localstack', traffic: { records: 2000 }, store: { kind: 'localstack', image } };
}

test('Docker starts LocalStack for the run, S3 and its notifications, and it goes with the run', async ({ skip }) => {
  if (images.localstack === undefined) return skip('LocalStack is not installed; npm run test:localstack does that');
  await using folder = testFolder();
  const scenario = { ...scenarioWith(images.localstack), trigger: { kind: 'store-sqs' } };
  const result = await run(scenario, { out: folder.path });
  expect(result.verdict).toEqual({ validity: 'pass', findings: [] });
  expect(result.tally).toMatchObject({ expected: 2000, delivered: 2000 });
  const left = await docker(['ps', '--all', '--quiet', '--filter', `ancestor=${images.localstack}`]);
  expect(left.stdout).toBe('');
});

test('an image that asks for an account is told in one sentence', async () => {
  // What the images of 2026 do without a token: a line, and exit code 55.
  const script =
    'echo "No credentials were found in the environment. Please make sure to set LOCALSTACK_AUTH_TOKEN"; exit 55';
  const words = ['create', '--name', 'flowrig-asks', images.node, 'sh', '-c', script];
  await docker(words);
  await docker(['commit', 'flowrig-asks', 'flowrig-asks:test']);
  await docker(['rm', 'flowrig-asks']);
  await using folder = testFolder();
  try {
    await expect(run(scenarioWith('flowrig-asks:test'), { out: folder.path })).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(
        /^store\.image: flowrig-asks:test asks for an account\. Set LOCALSTACK_AUTH_TOKEN/,
      ),
    });
    expect((await docker(['ps', '--all', '--quiet', '--filter', 'ancestor=flowrig-asks:test'])).stdout).toBe('');
  } finally {
    await docker(['rmi', '--force', 'flowrig-asks:test']);
  }
});

test('an image that is not to be had is told with what Docker says', { timeout: 120_000 }, async () => {
  await using folder = testFolder();
  await expect(run(scenarioWith('127.0.0.1:9/no/such:image'), { out: folder.path })).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringMatching(/^store\.image: 127\.0\.0\.1:9\/no\/such:image did not start: .+ Pull it/),
  });
});
