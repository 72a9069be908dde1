import type { CalibrationReport, ConfusablePair, PhotoName } from '@facelane/evaluation';
import { type Html, markup } from '../report/html.js';
import { faceImage } from '../report/report.photo.js';
import { cosineRange, patchOf, rateRange } from './calibration.text.js';
import { charts, evaluationPage, rules } from './evaluation.page.js';
import { allPairsRules } from './lfw.text.js';
import type { RunFacts } from './run.facts.js';
import { cosineText, countText, intervalText, percent, rateText } from './rate.text.js';
import { verificationCharts } from './verification.charts.js';

export interface CalibrationFacts extends RunFacts {
  readonly contract: string;
}

type Pictures = ReadonlyMap<string, Uint8Array>;

/** The page of `calibrate`. @param pictures of faces, by path; what is missing is left blank. */
export function calibrationPage(report: CalibrationReport, facts: CalibrationFacts, pictures: Pictures): string {
  const { match, review, confusable } = report;
  const head = {
    title: `Threshold ${cosineText(match.threshold)} at a false match rate of ${rateText(match.limit)}`,
    subtitle: `${countText(report.photos)} photos of ${countText(report.people)} people, in ${Math.round(facts.seconds)} s`,
    ...facts,
  };
  const tiles = [
    {
      label: `cosine at FMR ${rateText(match.limit)}`,
      value: cosineText(match.threshold),
      more: `95 %: ${cosineRange(report)}`,
    },
    { label: 'FMR there', value: match.fmr.toExponential(1), more: `95 %: ${rateRange(report)}` },
    {
      label: 'TAR there',
      value: percent(match.tar),
      more: match.tarInterval && `95 %: ${intervalText(match.tarInterval)}`,
    },
    {
      label: `review, FMR ${rateText(review.limit)}`,
      value: cosineText(review.threshold),
      more: `TAR ${percent(review.tar)}`,
    },
    { label: 'without a face', value: countText(report.photosWithoutFace), more: `of ${countText(report.photos)}` },
  ];
  const sections = [
    markup`<h2>For the collection</h2>
<p class="soft"><code>PATCH /v1/collections/{id}</code> takes this, and <code>facelane calibrate … --apply &lt;collection&gt;</code> sends it.</p>
<pre>${JSON.stringify(patchOf(report), undefined, 2)}</pre>
`,
    charts(verificationCharts(report)),
    pairSection(
      'One person in two folders?',
      'Pairs of two people with the highest scores; of two people the most similar photos alone. Above the threshold each is a false match, unless both are one person.',
      confusable.impostor,
      pictures,
    ),
    pairSection(
      'A photo in the wrong folder?',
      'Pairs of one person with the lowest scores; no photo twice. Below the threshold each is a person who is not recognised, unless they are two.',
      confusable.genuine,
      pictures,
    ),
    rules([
      ...allPairsRules(report),
      `The intervals of the threshold and of the FMR are by the bootstrap over people too: a pair counts as often as its two people were drawn, multiplied. The rule of 30 is kept: ${countText(report.impostorPairs)} impostor pairs let at least 30 false matches be expected.`,
      'A wrong folder moves the threshold: mend the folders, then calibrate again.',
    ]),
  ];
  return evaluationPage(head, tiles, sections, 'This page shows faces and names: treat it like the photos themselves.');
}

function pairSection(title: string, remark: string, pairs: readonly ConfusablePair[], pictures: Pictures): Html {
  if (pairs.length === 0) return markup``;
  return markup`<h2>${title} <small>${pairs.length} pairs</small></h2>
<p class="soft prose">${remark}</p>
<ul class="pairs">${pairs.map((pair) => pairCard(pair, pictures))}</ul>
`;
}

const pairCard = ({ first, second, cosine }: ConfusablePair, pictures: Pictures): Html =>
  markup`<li><div class="faces-of">${[first, second].map((photo) => photoOf(photo, pictures))}</div><b>cosine ${cosineText(cosine)}</b></li>
`;

const photoOf = ({ path, person }: PhotoName, pictures: Pictures): Html =>
  markup`<figure>${faceImage(pictures.get(path), person)}<figcaption>${path}</figcaption></figure>`;
