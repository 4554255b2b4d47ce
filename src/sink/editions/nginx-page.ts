// The error pages of an nginx ingress: the statuses that SigNoz Cloud documents for large and slow requests (408, 413, 499, 503, 504) are
// nginx's.

import type { Answer } from '../answer.ts';

export function nginxPage(statusCode: number, reason: string): Answer {
  const title = `${statusCode} ${reason}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return { statusCode, headers: { 'content-type': 'text/html' }, body };
}
