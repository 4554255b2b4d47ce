// The handler of the Lambda rows over bare HTTP, with nothing of Lambda around it. Prints its port.

import { createServer } from 'node:http';

const handler = async ({ i }) => ({ i });

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const body = JSON.stringify(await handler(JSON.parse(Buffer.concat(chunks).toString())));
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) }).end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
