import { type Html, markup, trusted } from '../report/html.js';
import { type Axis, placeOn } from './chart.axis.js';

type Point = readonly [x: number, y: number];

/** Kinds have a colour and a dash of their own, so that they can be told apart without colours. */
export type SeriesKind = 'first' | 'second' | 'third' | 'guide';

export interface Series {
  /** In the key; absent: not in it. */
  readonly label?: string;
  readonly kind: SeriesKind;
  readonly points: readonly Point[];
  /** Whether the area down to the axis is filled. Default false. */
  readonly filled?: boolean;
}

export interface Chart {
  readonly title: string;
  /** What is to be seen, for those who cannot see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly { readonly at: Point; readonly label: string }[];
}

/** Numbers of the drawing's own grid; it is shown at any width. */
const WIDTH = 560;
const HEIGHT = 360;
const FRAME = { left: 76, right: 540, top: 14, bottom: 302 };

/** A drawing as SVG inside the page: lines and axes in the colours of its style sheet. */
export function drawChart(chart: Chart): Html {
  const { title, description, series, marks = [] } = chart;
  return markup`<figure class="chart">
    <figcaption>${title}</figcaption>
    ${key(series)}
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${description}">
      ${grid(chart)}
      ${series.map((line) => path(chart, line))}
      ${marks.map(({ at, label }) => mark(chart, at, label))}
    </svg>
  </figure> `;
}

function key(series: readonly Series[]): Html {
  const named = series.filter(({ label }) => label !== undefined);
  return markup`<p class="key">${named.map(
    ({ label, kind }) =>
      markup`<span><svg viewBox="0 0 26 8" aria-hidden="true"><path class="line ${kind}" d="M1 4H25" /></svg>${label}</span> `,
  )}</p>`;
}

function grid({ x, y }: Chart): Html {
  const { left, right, top, bottom } = FRAME;
  const columns = x.ticks.map(({ value, label }) => {
    const at = round(xOf(x, value));
    return markup`<path class="grid" d="M${at} ${top}V${bottom}" /><text class="tick" x="${at}" y="${bottom + 18}" text-anchor="middle">${label}</text>`;
  });
  const rows = y.ticks.map(({ value, label }) => {
    const at = round(yOf(y, value));
    return markup`<path class="grid" d="M${left} ${at}H${right}" /><text class="tick" x="${left - 8}" y="${at + 4}" text-anchor="end">${label}</text>`;
  });
  const middle = (top + bottom) / 2;
  return markup`${columns}${rows}
    <path class="frame" d="M${left} ${top}V${bottom}H${right}" />
    <text class="axis" x="${(left + right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${x.title}</text>
    <text class="axis" transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${y.title}</text>`;
}

function path({ x, y }: Chart, { kind, points, filled = false }: Series): Html {
  const line = points.map((point) => `${round(xOf(x, point[0]))} ${round(yOf(y, point[1]))}`).join('L');
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return trusted('');
  const area = filled
    ? markup`<path class="area ${kind}" d="M${round(xOf(x, first[0]))} ${FRAME.bottom}L${line}V${FRAME.bottom}Z" />`
    : undefined;
  return markup`${area}<path class="line ${kind}" d="M${line}" />`;
}

/** A dot with its words above or below, where there is more room. */
function mark({ x, y }: Chart, [a, b]: Point, label: string): Html {
  const [cx, cy] = [round(xOf(x, a)), round(yOf(y, b))];
  const isHigh = cy < (FRAME.top + FRAME.bottom) / 2;
  return markup`<circle class="mark" cx="${cx}" cy="${cy}" r="4.5" /><text class="mark" x="${cx}" y="${cy + (isHigh ? 20 : -11)}" text-anchor="middle">${label}</text>`;
}

const xOf = (axis: Axis, value: number): number => FRAME.left + placeOn(axis, value) * (FRAME.right - FRAME.left);
const yOf = (axis: Axis, value: number): number => FRAME.bottom - placeOn(axis, value) * (FRAME.bottom - FRAME.top);
const round = (value: number): number => Math.round(value * 10) / 10;
