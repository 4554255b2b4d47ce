#!/usr/local/bin/node
// A runtime client of a few lines, as users write one for a bootstrap of their own.
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;
const { handler } = await import(`${process.env.LAMBDA_TASK_ROOT}/${process.env._HANDLER.split('.')[0]}.mjs`);

for (;;) {
  const next = await fetch(`${base}next`);
  const requestId = next.headers.get('lambda-runtime-aws-request-id');
  const post = (kind, value) =>
    fetch(`${base}${requestId}/${kind}`, { method: 'POST', body: JSON.stringify(value ?? null) });
  try {
    await post('response', await handler(await next.json(), { awsRequestId: requestId }));
  } catch (error) {
    await post('error', { errorType: error.name, errorMessage: error.message });
  }
}
