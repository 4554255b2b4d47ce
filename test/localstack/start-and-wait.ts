// A process that starts a LocalStack, says its process id, and does nothing more: kill.test.ts kills it.

import { startLocalstackProcess } from './localstack-process.ts';

const started = await startLocalstackProcess();
process.stdout.write(`${typeof started === 'string' ? started : started.pid}\n`);
setInterval(() => undefined, 60_000);
