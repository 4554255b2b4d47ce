// What the kernel holds of a sandbox's limits by control groups of version 2: in plain steps without a test runner, and with functions of a
// shell and curl, for a machine that is thirty times slower than this one.

import { deepEqual, equal, ok } from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findCgroups } from '../../src/lambda/cgroups.ts';
import { livingOf } from '../e2e/rig-process.ts';
import { openTestTarget, writeCode, type TestTarget } from '../targets/open-test-target.ts';

/** Runs the text of each event as a script, and answers with what that prints. */
const bootstrap = `#!/bin/sh
quota() { cat /sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/cpu.max | cut -d ' ' -f 1; }
first=$(quota)
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while :; do
  script=$(curl -s -D $TMPDIR/headers $api/next | sed 's/^"//; s/"$//')
  id=$(sed -n 's/^lambda-runtime-aws-request-id: \\([^[:space:]]*\\).*/\\1/p' $TMPDIR/headers)
  answer=$(eval "$script" 2>&1)
  curl -s -o /dev/null -d "\\"$answer\\"" $api/$id/response
done
`;

using written = writeCode({ bootstrap });
chmodSync(join(written.folder, 'bootstrap'), 0o755);
const mib = 1024 ** 2;
const open = (over: Parameters<typeof openTestTarget>[1] = {}): Promise<TestTarget> =>
  openTestTarget('', { code: written.folder, memoryBytes: 128 * mib, timeoutMs: 120_000, ...over });

const cgroups = findCgroups();
equal(cgroups?.version, 'cgroup v2');
deepEqual([cgroups!.limitsCpu, cgroups!.limitsProcesses], [true, true]);
const probe = cgroups!.create({ memoryBytes: mib, processes: 9, cpu: false });
const parent = dirname(probe.folders[0]!);
equal(readFileSync(join(probe.folders[0]!, 'memory.max'), 'utf8').trim(), String(mib));
equal(probe.remove(), true);
console.log(`ok: version 2 is found before version 1, and takes groups in ${parent}`);

{
  await using opened = await open();
  deepEqual(opened.target.limits, {
    ...opened.target.limits,
    memory: 'cgroup v2',
    cpu: 'none',
    processes: 'cgroup v2',
  });
  deepEqual(await opened.outcome('echo fine'), { status: 'succeeded', payload: 'fine' });
  const grown = await opened.outcome('head -c 300000000 /dev/zero | tail > /dev/null; echo $?');
  equal(grown.status, 'out-of-memory', JSON.stringify(grown));
  deepEqual(await opened.outcome('echo again'), { status: 'succeeded', payload: 'again' });
  ok(opened.target.resources()!.rssPeakBytes >= 128 * mib);
  console.log(
    'ok: what takes more memory than it has is killed with all of its sandbox, and the next event begins anew',
  );
}
{
  await using share = await open({ cpu: 'share', memoryBytes: (1769 * mib) / 2 });
  deepEqual(await share.outcome('echo $first $(quota)'), { status: 'succeeded', payload: 'max 10000' });
  equal(share.target.limits!.cpu, 'cgroup v2');
  console.log('ok: after its init it has the share of a core that its memory brings');
}
{
  const opened = await open();
  const { payload } = (await opened.outcome('setsid sleep 600 > /dev/null 2>&1 & echo $!')) as { payload: string };
  const [, group] = /^0::(.*)$/m.exec(readFileSync(`/proc/${payload}/cgroup`, 'utf8')) as unknown as [string, string];
  ok(readFileSync(join('/sys/fs/cgroup', group, 'cgroup.events'), 'utf8').includes('frozen 1'));
  equal((await opened.outcome('echo $?')).status, 'succeeded');
  console.log('ok: a daemon that left its group is frozen with the others while nothing runs');
  await opened[Symbol.asyncDispose]();
  deepEqual(livingOf([Number(payload)]), []);
  deepEqual(
    readdirSync(parent).filter((name) => name.startsWith('flowrig-') && existsSync(join(parent, name, 'memory.max'))),
    [],
  );
  console.log('ok: it ends with its sandbox, whose groups go');
}
// In the smaller one there is no memory for so many.
for (const memoryMib of [1024, 128]) {
  await using opened = await open({ memoryBytes: memoryMib * mib });
  // Shells that wait for what nobody writes: nothing is loaded for them.
  const many =
    'mkfifo $TMPDIR/pipe; n=0; while [ $n -lt 5000 ]; do (read x < $TMPDIR/pipe) > /dev/null 2>&1 & n=$((n + 1)); done; echo all';
  const outcome = await opened.outcome(many);
  ok(outcome.status !== 'succeeded' || outcome.payload !== 'all', JSON.stringify(outcome));
  console.log(`ok: 5,000 processes are too many for ${memoryMib} MB: ${JSON.stringify(outcome).slice(0, 160)}`);
  deepEqual(await opened.outcome('echo more'), { status: 'succeeded', payload: 'more' });
  console.log('ok: the next event begins anew');
}
