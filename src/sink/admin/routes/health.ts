// Whether the sink is there.

import { Type } from 'typebox';

import type { AdminRoute, AdminState } from '../route.ts';

const health = Type.Object({ status: Type.Literal('ok'), version: Type.String({ description: "flowrig's version." }) });

export function healthRoutes({ version }: AdminState): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      summary: 'Tells that the sink takes requests.',
      answers: {
        200: { description: 'It does.', content: { type: 'application/json', schema: health } },
      },
      serve: () => ({ status: 'ok', version }),
    },
  ];
}
