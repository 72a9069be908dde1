import { REPORT_STYLE } from '../report/report.style.js';

/** Blue, vermilion and green (Okabe-Ito): told apart with every kind of colour vision, and by their dashes in grey. */
export const EVALUATION_STYLE = `${REPORT_STYLE}
:root { --first: #0b62a8; --second: #b34700; --third: #00795a; }
@media (prefers-color-scheme: dark) { :root { --first: #7cbcf2; --second: #ff9b5e; --third: #58d3ab; } }
.tile dd small { font-size: .86rem; font-weight: 400; color: var(--soft); display: block; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 1rem; margin: 1rem 0; }
.chart { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .9rem 1rem .4rem; }
.chart figcaption { font-weight: 600; }
.chart > svg { display: block; width: 100%; height: auto; }
.key { margin: .15rem 0 .4rem; font-size: .84rem; color: var(--soft); min-height: 1.3em; }
.key span { margin-right: 1rem; white-space: nowrap; }
.key svg { width: 26px; height: 8px; margin-right: .35rem; vertical-align: middle; }
.chart text { font: 12.5px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--soft); }
.chart text.axis { fill: var(--ink); }
.chart text.mark { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; }
.frame { stroke: var(--soft); stroke-width: 1.2; fill: none; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.first { stroke: var(--first); } .line.second { stroke: var(--second); stroke-dasharray: 7 3; }
.line.third { stroke: var(--third); stroke-dasharray: 3 3; }
.line.guide { stroke: var(--soft); stroke-width: 1.3; stroke-dasharray: 2 4; }
.area { stroke: none; opacity: .16; } .area.first { fill: var(--first); } .area.second { fill: var(--second); }
circle.mark { fill: var(--first); stroke: var(--card); stroke-width: 1.5; }
.prose { max-width: 62rem; } .prose li { margin: .25rem 0; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(270px, 100%), 1fr)); gap: .75rem; padding: 0; margin: 0; list-style: none; }
.pairs li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .75rem; font-size: .86rem; overflow-wrap: anywhere; break-inside: avoid; }
.pairs .faces-of { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; margin-bottom: .5rem; }
.pairs img, .pairs .blank { width: 100%; height: auto; aspect-ratio: 1; border-radius: 8px; object-fit: cover; background: var(--none-ground); display: block; }
.pairs figure { margin: 0; } .pairs figcaption { color: var(--soft); margin-top: .25rem; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .8rem 1rem; overflow-x: auto; font-size: .86rem; }
td, th { font-variant-numeric: tabular-nums; }
`;
