import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { candidate, doneResult, resultRows } from '../results.fixture.js';
import { columnsOf } from '../terminal.text.js';
import { peopleTable } from './people.table.js';
import { resultsTable } from './results.table.js';
import { searchTable, verifyLine } from './search.table.js';
import { stageTable } from './stage.table.js';

const plain = { color: false, width: 80 };
const bars = { match: 0.42, review: 0.33 };
const shown = (text: string): string => `\n${text}\n`;

describe('resultsTable', () => {
  it('says who is in which photo', () => {
    expect(shown(resultsTable(resultRows(), plain))).toMatchInlineSnapshot(`
      "
      Photo                             Faces  People
      ────────────────────────────────  ─────  ───────────────────────────────────────
      holiday/20…2_101530_portrait.jpg      4  Anna Müller 0.82, Ben? 0.36, 2 unknown
      写真.jpg                              1  王芳 0.71
      party.png                             3  Anna Müller 0.66,
                                               <script>alert("x")</script> 0.50,
                                               unknown, 12 more not looked at
      tree.jpg                              0  no face found
      empty.jpg                             –  failed: INGEST.EMPTY. The file has no
                                               bytes; replace it with the original
                                               photo.

      5 photos · 8 faces · 4 recognised · 1 to review · 3 unknown
      1 photo without a face · 1 failed
      "
    `);
  });

  it('fits the terminal at any width, and colours change nothing but colours', () => {
    for (const width of [40, 60, 80, 132]) {
      const text = resultsTable(resultRows(), { color: false, width });
      expect(Math.max(...text.split('\n').map(columnsOf))).toBeLessThanOrEqual(width);
      expect(stripVTControlCharacters(resultsTable(resultRows(), { color: true, width }))).toBe(text);
    }
  });

  it('prints no control character that came with a name', () => {
    const rows = [{ file: 'a\u001b]0;owned\u0007.jpg', result: doneResult(1, []) }];
    // eslint-disable-next-line no-control-regex -- The point of the test.
    expect(resultsTable(rows, plain)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('is one line when there was nothing to do', () => {
    expect(resultsTable([], plain)).toBe('0 photos · 0 faces');
  });
});

it('peopleTable says in which photos each person is', () => {
  expect(shown(peopleTable(resultRows(), plain))).toMatchInlineSnapshot(`
    "
    Person                    Photos  In
    ────────────────────────  ──────  ──────────────────────────────────────────────
    Anna Müller                    2  holiday/2024/b…G_20240712_101530_portrait.jpg,
                                      party.png
    <script>alert("x")</scr…       1  party.png
    王芳                           1  写真.jpg
    Ben                            0  holiday/2024/be…_20240712_101530_portrait.jpg?
    "
  `);
});

it('searchTable holds each score against the bars', () => {
  const found = [candidate('anna', 0.82), candidate('wang', 0.35), candidate('ben', -0.004)];
  expect(shown(searchTable(found, bars, plain))).toMatchInlineSnapshot(`
    "
    #  Person       Score  Decision
    ─  ───────────  ─────  ──────────
    1  Anna Müller   0.82  match
    2  王芳          0.35  to review
    3  Ben           0.00  too far
    "
  `);
  expect(searchTable([], bars, plain)).toBe('Nobody is enrolled to compare with.');
});

it('verifyLine answers in a sentence', () => {
  expect([0.5, 0.35, -0.1].map((score) => verifyLine(score, bars, plain))).toMatchInlineSnapshot(`
    [
      "Same person: score 0.50 (match from 0.42, review from 0.33).",
      "Perhaps the same person: score 0.35 (match from 0.42, review from 0.33).",
      "Not the same person: score −0.10 (match from 0.42, review from 0.33).",
    ]
  `);
});

it('verifyLine speaks in distances where the contract does', () => {
  const distance = (score: number): number => Math.sqrt(2 - 2 * score);
  expect(verifyLine(0.5, bars, plain, distance)).toBe(
    'Same person: distance 1.000 (match up to 1.077, review up to 1.158).',
  );
});

it('stageTable names what needs attention', () => {
  const quiet = { waiting: 0, active: 0, delayed: 0, dead: 0, workers: 2 };
  const stages = [
    { stage: 'ingest', ...quiet },
    { stage: 'detect', ...quiet, waiting: 1200, active: 4 },
    { stage: 'embed', ...quiet, waiting: 3, workers: 0 },
    { stage: 'match', ...quiet, dead: 2 },
  ];
  expect(shown(stageTable(stages, plain))).toMatchInlineSnapshot(`
    "
    Stage   Waiting  Active  Delayed  Dead  Workers  State
    ──────  ───────  ──────  ───────  ────  ───────  ────────────
    ingest        0       0        0     0        2  idle
    detect     1200       4        0     0        2  working
    embed         3       0        0     0        0  no worker
    match         0       0        0     2        2  dead letters
    "
  `);
});
