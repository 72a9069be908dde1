import { type Html, markup } from '../report/html.js';
import { pageEnd, pageStart } from '../report/page.js';
import { EVALUATION_STYLE } from './evaluation.style.js';

export interface EvaluationHead {
  readonly title: string;
  /** Of what, in what way. */
  readonly subtitle: string;
  /** Model contract that made the vectors. */
  readonly contract: string;
  /** ISO time. */
  readonly createdAt: string;
}

export interface EvaluationTile {
  readonly label: string;
  readonly value: string;
  /** Below the figure, e.g. its interval. */
  readonly more?: string | undefined;
}

/** A self-contained page of figures and drawings: it asks for nothing and runs nothing. */
export function evaluationPage(
  head: EvaluationHead,
  tiles: readonly EvaluationTile[],
  sections: readonly Html[],
  remark = '',
): string {
  const page = { title: `${head.title} · ${head.contract}`, style: EVALUATION_STYLE };
  return markup`${pageStart(page)}
<header class="top">
  <h1>${head.title}</h1>
  <p class="soft">${head.subtitle} · model contract <code>${head.contract}</code></p>
  <dl class="tiles">${tiles.map(
    ({ label, value, more }) =>
      markup`<div class="tile"><dt>${label}</dt><dd>${value}${more === undefined ? undefined : markup`<small>${more}</small>`}</dd></div> `,
  )}</dl>
</header>
<main>
${sections}
${pageEnd({}, head.createdAt, remark)}`.text;
}

export const charts = (drawings: readonly Html[]): Html => markup`<div class="charts">${drawings}</div>\n`;

/** The rules by which the figures were made, a sentence each. */
export const rules = (sentences: readonly string[]): Html =>
  markup`<h2>How this was counted</h2>\n<ul class="prose">${sentences.map((text) => markup`<li>${text}</li>\n`)}</ul>\n`;

export function figureTable(
  id: string,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Html {
  return markup`<h2 id="${id}">${title}</h2>
<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(([first = '', ...cells]) => markup`<tr><th scope="row">${first}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>\n`;
}
