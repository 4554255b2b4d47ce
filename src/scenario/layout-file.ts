// A layout that a promise declares: in a file of its own, or in place, as a run's folder keeps it.

import { resolve } from 'node:path';

import { fields as allFields, isFieldName, transitGatewayFields } from '../flowlogs/fields.ts';
import { problemsOfLayout, type Layout } from '../oracle/index.ts';
import type { Complain } from './complain.ts';
import { layoutSchema } from './layout-schema.ts';
import { readDocument, throwProblems } from './load.ts';
import { validateDocument } from './validate.ts';

/** Reads what `promises.layout` says. Mistakes in its file are thrown with their own lines; others go to `complain`. */
export function resolveLayout(layout: unknown, folder: string, complain: Complain): 'auto' | Layout {
  if (layout === undefined || layout === 'auto') return 'auto';
  if (typeof layout !== 'string') {
    for (const { path, message } of problemsIn(withFields(layout as Layout)))
      complain(['promises', 'layout', ...path], message);
    return withFields(layout as Layout);
  }
  const document = readDocument(resolve(folder, layout));
  throwProblems(document.file, validateDocument(document, layoutSchema));
  const declared = withFields(document.value as Layout);
  throwProblems(
    document.file,
    problemsIn(declared).map(({ path, message }) => ({ place: document.place(path), message })),
  );
  return declared;
}

/** A layout may name the line alone. */
function withFields(layout: Partial<Layout> & Pick<Layout, 'version'>): Layout {
  return { ...layout, fields: layout.fields ?? {} };
}

function problemsIn(layout: Layout): ReturnType<typeof problemsOfLayout> {
  const known = [...allFields, ...transitGatewayFields].map(({ name }) => name);
  return problemsOfLayout(layout, isFieldName, known);
}
