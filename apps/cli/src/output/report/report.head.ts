import { createHash } from 'node:crypto';
import { formatScore } from '../face.view.js';
import type { Summary } from '../summary.js';
import { type Html, markup, trusted } from './html.js';
import { REPORT_SCRIPT } from './report.script.js';
import { REPORT_STYLE } from './report.style.js';
import type { ReportHead } from './report.types.js';

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page may load nothing and run nothing but its own script: names and paths in it come from strangers. */
const POLICY =
  `default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; ` +
  `style-src ${digest(REPORT_STYLE)}; script-src ${digest(REPORT_SCRIPT)}`;

// The digests cover the tags' whole content, so not a space may come between.
const STYLE_TAG = trusted(`<style>${REPORT_STYLE}</style>`);
const SCRIPT_TAG = trusted(`<script>${REPORT_SCRIPT}</script>`);

export function documentStart(head: ReportHead): Html {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${head.title} · who is in which photo</title>
        ${STYLE_TAG}
      </head>
      <body> `;
}

export function documentEnd(head: ReportHead): Html {
  return markup`<footer>Made by Facelane on ${head.createdAt.slice(0, 16).replace('T', ' ')} UTC. This page shows faces and names: treat it like the photos themselves.</footer>
</main>
${SCRIPT_TAG}
</body>
</html>
`;
}

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
