// A layout that somebody declared: where each field stands in a record, and nothing else counts. Without one, fields are looked for
// under every name that they are known by.

import { nearestWord } from '../../core/errors.ts';

/** As a scenario or a layout file writes it, and as a run's folder keeps it. */
export interface Layout {
  readonly version: 1;
  /**
   * Field of the flow log to its place: `attributes.NAME`, `resource.NAME` (attributes of the scope too), `body.PATH` in a body that
   * is a JSON object or a map, or `timestamp` (for `start` or `end`).
   */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the raw line stands, if anywhere: `body`, or a place as above. It tells the fields that have no place of their own. */
  readonly line?: string;
  /** Fields that may arrive in other capitals and still be intact. */
  readonly anyCase?: readonly string[];
}

/** Which field the record's own timestamp may stand for where a record holds it nowhere else. */
export type TimestampMeaning = 'end' | 'start' | 'none';

/** What the record's own timestamp stands for. */
export function timestampOf({ fields }: Layout): TimestampMeaning {
  return fields['end'] === 'timestamp' ? 'end' : fields['start'] === 'timestamp' ? 'start' : 'none';
}

const rooms = ['attributes', 'resource', 'body'] as const;

interface LayoutProblem {
  /** Keys that lead to the mistake. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with a layout whose shape is right; `isField` knows the names of fields. */
export function problemsOfLayout(
  layout: Layout,
  isField: (name: string) => boolean,
  known: readonly string[],
): LayoutProblem[] {
  const problems: LayoutProblem[] = [];
  const checkField = (name: string, path: readonly string[]): void => {
    if (isField(name)) return;
    const nearest = nearestWord(name, known);
    problems.push({
      path,
      message: `"${name}" is no field of a flow log.${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`,
    });
  };
  for (const [field, place] of Object.entries(layout.fields)) {
    checkField(field, ['fields', field]);
    if (place === 'timestamp') {
      if (field !== 'start' && field !== 'end') {
        problems.push({
          path: ['fields', field],
          message: `${field} is no time: only start or end can be the timestamp.`,
        });
      }
    } else checkPlace(place, ['fields', field], problems);
  }
  if (layout.line !== undefined && layout.line !== 'body') checkPlace(layout.line, ['line'], problems);
  (layout.anyCase ?? []).forEach((field) => checkField(field, ['anyCase']));
  if (Object.keys(layout.fields).length === 0 && layout.line === undefined) {
    problems.push({ path: ['fields'], message: 'A layout that names no place finds nothing: name a line, or fields.' });
  }
  return problems;
}

function checkPlace(place: string, path: readonly string[], problems: LayoutProblem[]): void {
  const [room = '', ...rest] = place.split('.');
  if ((rooms as readonly string[]).includes(room) && rest.join('.') !== '') return;
  const nearest = nearestWord(room, rooms);
  const meant = nearest === undefined || nearest === room ? '' : ` Did you mean "${[nearest, ...rest].join('.')}"?`;
  problems.push({
    path,
    message: `"${place}" is no place in a record: write attributes.NAME, resource.NAME or body.PATH.${meant}`,
  });
}
