// Something between the client and SigNoz answers: a proxy or a captive portal, whose page comes with a 200. It reads as no word of
// SigNoz's, so it acknowledges nothing, and nothing is kept.

import { Type } from 'typebox';

import { always, faultSchema, selectionSchemas, sinkFault } from './kind.ts';

const page =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head>\n' +
  '<body><h1>Sign in to the network</h1><form method="post" action="/login"></form></body></html>\n';

export const htmlFault = sinkFault<{ readonly body?: string }>({
  kind: 'sink.html',
  summary: 'answers 200 with a web page, as a proxy or a captive portal does; nothing is kept',
  config: faultSchema('sink.html', "A proxy's web page comes in place of SigNoz's answer.", {
    body: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The page; by default one that asks to sign in.',
        examples: ['<html>blocked</html>'],
      }),
    ),
    ...selectionSchemas,
  }),
  open: ({ body = page }) =>
    always({
      answer: {
        statusCode: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body,
        acknowledges: false,
      },
      keeps: false,
    }),
});
