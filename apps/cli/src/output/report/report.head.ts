import { formatScore } from '../face.view.js';
import type { Summary } from '../summary.js';
import { type Html, markup } from './html.js';
import { pageEnd, pageStart } from './page.js';
import { REPORT_SCRIPT } from './report.script.js';
import { REPORT_STYLE } from './report.style.js';
import type { ReportHead } from './report.types.js';

const page = { style: REPORT_STYLE, script: REPORT_SCRIPT };

export const documentStart = (head: ReportHead): Html =>
  pageStart({ ...page, title: `${head.title} · who is in which photo` });

export const documentEnd = (head: ReportHead): Html =>
  pageEnd(page, head.createdAt, 'This page shows faces and names: treat it like the photos themselves.');

export function header(head: ReportHead, summary: Summary): Html {
  return markup`<header class="top">
      <h1>${head.title}</h1>
      <p class="soft">Who is in which photo · collection <b>${head.collection}</b></p>
      <dl class="tiles">
        ${tiles(summary)}
      </dl>
      <details class="how">
        <summary>How to read this</summary>
        <dl class="facts">
          <dt><span class="badge match">recognised</span></dt>
          <dd>
            Solid green box. The face is at least ${formatScore(head.thresholds.match.cosine)} alike an enrolled person:
            ${rate(head.thresholds.match.fmr)} pairs of strangers reach that.
          </dd>
          <dt><span class="badge review">to review</span></dt>
          <dd>
            Dashed orange box, name with a question mark. At least ${formatScore(head.thresholds.review.cosine)} alike
            (${rate(head.thresholds.review.fmr)} pairs of strangers): somebody should look.
          </dd>
          <dt><span class="badge none">unknown</span></dt>
          <dd>Thin grey box. Nobody enrolled is that alike.</dd>
          <dt>score</dt>
          <dd>Cosine of the face and the person’s most similar reference photo, −1 to 1.</dd>
          <dt>ahead by</dt>
          <dd>
            The score less that of the next most similar person. A small lead means two people look alike to the model.
          </dd>
          <dt>number</dt>
          <dd>Each face has the same number in the picture and in the list below it.</dd>
          <dt>model contract</dt>
          <dd><code>${head.contract}</code></dd>
        </dl>
      </details>
    </header>
    <main> `;
}

const tiles = (summary: Summary): readonly Html[] => [
  tile('photos', summary.photos),
  tile('faces', summary.faces),
  tile('recognised', summary.recognised, 'match'),
  tile('to review', summary.toReview, 'review'),
  tile('unknown', summary.unknown),
  ...(summary.withheld > 0 ? [tile('not compared', summary.withheld)] : []),
  tile('without a face', summary.withoutFace),
  tile('failed', summary.failed, summary.failed > 0 ? 'bad' : ''),
];

const tile = (label: string, value: number, kind = ''): Html =>
  markup`<div class="tile ${kind}">
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div> `;

/** `1 in 10 000`, or that nobody has measured it. */
const rate = (fmr: number | undefined): string =>
  fmr === undefined
    ? 'an unmeasured share of'
    : `1 in ${Math.round(1 / fmr)
        .toLocaleString('en-US')
        .replaceAll(',', '\u202f')}`;
