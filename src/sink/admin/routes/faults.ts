// The faults of the sink, switched while it runs, in the words of a scenario.

import { Type } from 'typebox';

import { sinkFaults } from '../../faults/index.ts';
import type { AdminRoute, AdminState } from '../route.ts';

type Written = Readonly<Record<string, unknown>>;

const fault = Type.Union(
  sinkFaults.map(({ config }) => config),
  {
    description:
      'A fault as in the list `faults:` of a scenario. Its `from` and `for` count from the request that set it.',
  },
);
const faults = Type.Array(fault);
const working = Type.Array(
  Type.Intersect([
    Type.Object({ fired: Type.Integer({ minimum: 0, description: 'How often it struck.' }) }),
    Type.Object({}),
  ]),
  { description: 'The faults as they were set, each with how often it struck.' },
);
const mistakes = Type.Object({
  message: Type.String(),
  problems: Type.Array(Type.Object({ place: Type.Optional(Type.String()), message: Type.String() })),
});

export function faultRoutes({ sink, readFaults }: AdminState): AdminRoute[] {
  let written: readonly Written[] = [];
  const set = (list: readonly Written[]): void => {
    sink.setFaults(readFaults(list));
    written = list;
  };
  const show = (): Written[] => sink.faults().map(({ fired }, index) => ({ ...written[index], fired }));
  const shown = { description: 'What is at work now.', content: { type: 'application/json', schema: working } };
  return [
    {
      method: 'GET',
      path: '/faults',
      summary: 'The faults that are at work.',
      answers: { 200: shown },
      serve: show,
    },
    {
      method: 'PUT',
      path: '/faults',
      summary: 'Puts these faults in the place of all others, from the next request on.',
      body: faults,
      answers: {
        200: shown,
        400: { description: 'Every mistake in them.', content: { type: 'application/json', schema: mistakes } },
      },
      serve(request) {
        set(withoutCounts(request.body) as readonly Written[]);
        return show();
      },
    },
    {
      method: 'DELETE',
      path: '/faults',
      summary: 'Takes all faults away.',
      answers: { 204: { description: 'None is at work.' } },
      serve(_request, reply) {
        set([]);
        return reply.code(204).send();
      },
    },
  ];
}

/** What GET shows can be put back as it is. */
function withoutCounts(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) return item;
    const { fired: _fired, ...rest } = item as Written;
    return rest;
  });
}
