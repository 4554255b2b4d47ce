// Under which names the flow log's fields arrived, and how their values fared.

import type { FieldReport, LayoutReport, RunResult } from '../../core/model/result.ts';
import { formatCount } from '../../core/units.ts';
import { cut, markup, type Markup } from './markup.ts';

export function mappingSection({ layout, mapping = {} }: RunResult): Markup {
  if (layout && layout.fields.length > 0) return layoutSection(layout);
  const rows = Object.entries(mapping);
  if (rows.length === 0) return markup``;
  return markup`<section id="mapping">
    <h2>How fields arrived</h2>
    <div class="scroll"><table>
      <thead><tr><th>Field of the flow log</th><th>Arrived as</th></tr></thead>
      <tbody>${rows.map(([field, names]) => markup`<tr><td><code>${field}</code></td><td><code>${cut(names, 300)}</code></td></tr>`)}</tbody>
    </table></div>
  </section>`;
}

function layoutSection({ source, arrivals, explained, examined, fields }: LayoutReport): Markup {
  const altered = fields.some((field) => field.altered > 0);
  return markup`<section id="mapping">
    <h2>How fields arrived</h2>
    <p class="hint">The layout was ${source}${source === 'inferred' && ' from what arrived'}: it explains
    ${formatCount(explained)} of ${formatCount(arrivals)} records that arrived.
    ${altered && `Of altered records ${formatCount(examined)} were compared value by value.`}</p>
    <div class="scroll"><table>
      <thead><tr><th>Field of the flow log</th><th>Arrived as</th><th class="number">Carried by</th>
      <th class="number">Intact</th><th class="number">Altered</th><th>Remarks</th></tr></thead>
      <tbody>${fields.map(fieldRow)}</tbody>
    </table></div>
  </section>`;
}

function fieldRow(field: FieldReport): Markup {
  const { names, carried, intact, altered } = field;
  const number = (count: number): Markup => markup`<td class="number">${formatCount(count)}</td>`;
  return markup`<tr class="${altered > 0 && 'wrong'}"><td><code>${field.field}</code></td>
    <td>${names.length === 0 ? '-' : names.slice(0, 3).map((name, i) => markup`${i > 0 && ', '}<code>${cut(name, 100)}</code>`)}</td>
    ${number(carried)}${number(intact)}${number(altered)}
    <td>${remarksOf(field).join('; ')}</td></tr>`;
}

function remarksOf({ names, kinds, confusedWith, promised }: FieldReport): string[] {
  return [
    ...(promised === undefined ? [] : [`${promised}, as promised`]),
    ...(names.length > 3 ? [`${names.length - 3} more names`] : []),
    ...Object.entries(kinds).map(([kind, count]) => `${kind} ${formatCount(count)}`),
    ...Object.entries(confusedWith).map(([other, count]) => `${formatCount(count)} have the value of ${other}`),
  ];
}
