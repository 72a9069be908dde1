/** Colours as on the drawn boxes: bluish green, orange, grey (Okabe-Ito). Text on each ground ≥ 4.5:1 (WCAG AA). */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --card: #fff; --ink: #16202a; --soft: #56626e; --line: #dde2e8; --accent: #0b62a8;
  --match: #007354; --match-ground: #dcf3ea; --review: #7a5200; --review-ground: #fdeecb;
  --none: #4a5560; --none-ground: #e9edf1; --bad: #a3261b; --bad-ground: #fbe4e1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10151a; --card: #1a2128; --ink: #e8edf2; --soft: #a3afbb; --line: #2d3741; --accent: #7cbcf2;
    --match: #6fdcb6; --match-ground: #0c3a2d; --review: #f5c35c; --review-ground: #44310a;
    --none: #c2ccd6; --none-ground: #2c353e; --bad: #ff9d92; --bad-ground: #4a1d18;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 5rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, .top { max-width: 1280px; margin: 0 auto; padding: 0 clamp(1rem, 3vw, 2rem); }
.top { padding-top: 2.25rem; }
h1 { font-size: 1.7rem; line-height: 1.2; letter-spacing: -.015em; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 1rem; letter-spacing: -.01em; }
h2 small { font-weight: 400; color: var(--soft); font-size: .9rem; margin-left: .5rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.soft { color: var(--soft); }
code { font: .86em/1.4 ui-monospace, "Cascadia Mono", Menlo, monospace; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: .75rem; margin: 1.5rem 0 1rem; padding: 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .8rem 1rem; display: flex; flex-direction: column-reverse; }
.tile dd { margin: 0; font-size: 1.75rem; font-weight: 650; line-height: 1.15; font-variant-numeric: tabular-nums; }
.tile dt { color: var(--soft); font-size: .86rem; }
.tile.match dd { color: var(--match); } .tile.review dd { color: var(--review); } .tile.bad dd { color: var(--bad); }
details.how { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .7rem 1rem; }
details.how summary { cursor: pointer; font-weight: 600; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: .75rem 0 .25rem; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; }
.badge { display: inline-block; border-radius: 999px; padding: .05rem .55rem; font-size: .78rem; font-weight: 600; white-space: nowrap; }
.badge.match { background: var(--match-ground); color: var(--match); }
.badge.review { background: var(--review-ground); color: var(--review); outline: 1px dashed currentcolor; outline-offset: -1px; }
.badge.none { background: var(--none-ground); color: var(--none); }
.badge.bad { background: var(--bad-ground); color: var(--bad); }
.people { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: .75rem; padding: 0; margin: 0; list-style: none; align-items: start; }
.person { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .85rem; display: grid; grid-template-columns: 64px 1fr; gap: .1rem .85rem; }
.person > img, .person > .blank { grid-row: span 2; width: 64px; height: 64px; border-radius: 50%; object-fit: cover; background: var(--none-ground); }
.person h3 { margin: 0; font-size: 1.02rem; align-self: end; overflow-wrap: anywhere; }
.person p { margin: 0; font-size: .86rem; color: var(--soft); }
.person details { grid-column: 1 / -1; margin-top: .5rem; font-size: .86rem; }
.person summary { cursor: pointer; color: var(--accent); }
.person ul { margin: .4rem 0 0; padding-left: 1.1rem; max-height: 14rem; overflow: auto; }
.person li { overflow-wrap: anywhere; }
.tools { display: none; position: sticky; top: 0; z-index: 2; background: var(--ground); padding: .7rem 0; gap: .6rem; flex-wrap: wrap; align-items: center; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
.js .tools { display: flex; }
.tools input { flex: 1 1 220px; min-width: 0; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .45rem .7rem; }
.tools fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: .35rem; flex-wrap: wrap; }
.tools label { cursor: pointer; border: 1px solid var(--line); background: var(--card); border-radius: 999px; padding: .3rem .8rem; font-size: .88rem; }
.tools label:has(:checked) { background: var(--ink); color: var(--ground); border-color: var(--ink); }
.tools label:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.tools label input { position: absolute; opacity: 0; pointer-events: none; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 1rem; padding: 0; margin: 0; list-style: none; align-items: start; }
.photo { background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; content-visibility: auto; contain-intrinsic-size: auto 420px; }
.photo[hidden] { display: none; }
.photo:target { outline: 3px solid var(--accent); }
.photo > img { display: block; width: 100%; height: auto; max-height: 480px; object-fit: contain; background: var(--none-ground); }
.photo h3 { margin: .8rem 1rem .1rem; font-size: .95rem; overflow-wrap: anywhere; }
.photo > p { margin: 0 1rem .8rem; font-size: .86rem; color: var(--soft); }
.faces { list-style: none; margin: 0; padding: 0 1rem .5rem; }
.faces li { display: grid; grid-template-columns: 48px 1fr auto; gap: 0 .75rem; align-items: center; padding: .45rem 0; border-top: 1px solid var(--line); }
.faces img, .faces .blank { width: 48px; height: 48px; border-radius: 8px; object-fit: cover; background: var(--none-ground); }
.faces .who { font-weight: 600; overflow-wrap: anywhere; line-height: 1.3; }
.faces .who .number { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; margin-right: .25rem; }
.faces .numbers { color: var(--soft); font-size: .84rem; font-variant-numeric: tabular-nums; }
.empty { display: none; color: var(--soft); padding: 2rem 0; text-align: center; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem 1rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; min-width: 9rem; }
thead th { border-top: 0; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 600; }
footer { color: var(--soft); font-size: .84rem; margin: 3rem 0 2rem; }
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 10pt; }
  .tools, .person details { display: none !important; }
  .photo { content-visibility: visible; }
  .photo, .person, .tile, tr { break-inside: avoid; }
  .photos { grid-template-columns: 1fr 1fr; }
  * { print-color-adjust: exact; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
