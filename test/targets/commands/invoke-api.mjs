// A function behind AWS's Invoke API, as emulators run it: `node invoke-api.mjs HANDLER_FILE`. It tells its URL, and answers as Lambda does.

import { createServer } from 'node:http';

const { handler } = await import(process.argv[2]);

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url) ?? [];
  if (request.method !== 'POST' || name !== 'forwarder') {
    response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException:http://internal.amazon.com/' });
    return response.end(JSON.stringify({ Type: 'User', Message: `Function not found: ${name}` }));
  }
  const requestId = request.headers['x-amzn-requestid'];
  const log = `START RequestId: ${requestId}\nEND RequestId: ${requestId}\n`;
  const tail = request.headers['x-amz-log-type'] === 'Tail' && {
    'x-amz-log-result': Buffer.from(log).toString('base64'),
  };
  try {
    const result = await handler(JSON.parse(body), { awsRequestId: requestId });
    response.writeHead(200, { ...tail, 'content-type': 'application/json' }).end(JSON.stringify(result ?? null));
  } catch ({ name: errorType, message: errorMessage }) {
    response.writeHead(200, { ...tail, 'x-amz-function-error': 'Unhandled' });
    response.end(JSON.stringify({ errorType, errorMessage }));
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
