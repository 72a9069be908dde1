import { findContract, findFile, type ModelFile, type ModelManifest } from '@facelane/models';
import type { ContractDescription, ContractFigures, LfwFigures } from './contract.figures.js';
import { PUBLISHED } from './published.js';

export interface ModelFigures {
  readonly manifest: ModelManifest;
  readonly contracts: ReadonlyMap<string, ContractFigures>;
  readonly rounds: number;
}

/** The tables of docs/models.md: each contract's detector, each contract's embedder, and what others publish. */
export function renderModels({ manifest, contracts, rounds }: ModelFigures): string {
  const shipped = Object.keys(manifest.contracts).map((name): Row => {
    return { name, ...contracts.get(name), about: describeContract(manifest, name) };
  });
  const brought = [...contracts].flatMap(([name, figures]): Row[] =>
    figures.brought === undefined ? [] : [{ name, ...figures, about: figures.brought }],
  );
  const rows = [...shipped, ...brought];
  return [
    '### Contracts, by what they find faces with',
    '',
    `WIDER FACE, 120 photos: average precision. Milliseconds on one core, in turns in one run, medians of ${rounds} rounds over the six sample photos.`,
    '',
    table(
      ['contract', 'detector', 'licence', 'AP easy / medium / hard', 'ms a photo', 'points, ms a face'],
      rows.map(detectorRow),
    ),
    '',
    '### Contracts, by what they recognise faces with',
    '',
    'LFW view 1: threshold from pairsDevTrain, accuracy on pairsDevTest; true accept rates over all pairs of its photos.',
    '',
    table(
      [
        ...['contract', 'id', 'embedder', 'values', 'licence', 'accuracy', 'TAR at FMR 1e-3', '1e-4'],
        ...['no face', 'ms a face'],
      ],
      rows.map(embedderRow),
    ),
    '',
    '### What others state',
    '',
    table(
      ['what', 'accuracy on LFW', 'stated in'],
      PUBLISHED.map(({ what, lfw, where }) => [what, lfw, where]),
    ),
  ].join('\n');
}

interface Row extends ContractFigures {
  readonly name: string;
  readonly about: ContractDescription;
}

/** What the tables say of a contract. @throws UsageError for an unknown one. */
export function describeContract(manifest: ModelManifest, name: string): ContractDescription {
  const { detector, landmarks, embedder, second, comparer } = findContract(manifest, name);
  const made = [embedder, second?.embedder].flatMap((id) => (id === undefined ? [] : findFile(manifest, id)));
  return {
    detector: [detector, landmarks]
      .filter((id) => id !== undefined)
      .map(code)
      .join(' + '),
    detectorLicence: licenceOf(findFile(manifest, detector)),
    embedder: [embedder, second?.embedder, comparer]
      .filter((id) => id !== undefined)
      .map(code)
      .join(' + '),
    embedderLicence: [...new Set(made.map(licenceOf))].join(', '),
    values: made.reduce((sum, file) => sum + (file.kind === 'embedder' ? file.dimension : 0), 0),
  };
}

function detectorRow({ name, about, wider, times }: Row): string[] {
  const precision = wider && Object.values(wider.averagePrecision).map((value) => value.toFixed(3));
  return [
    ...[code(name), about.detector, about.detectorLicence],
    ...[precision?.join(' / ') ?? NOT_MEASURED, milliseconds(times?.detect), milliseconds(times?.align)],
  ];
}

function embedderRow({ name, about, lfw, times }: Row): string[] {
  const tar = (limit: number): string => {
    const point = lfw?.allPairs.points.find((one) => one.limit === limit);
    return point === undefined ? '' : percent(point.tar);
  };
  return [
    ...[code(name), lfw === undefined ? '' : code(lfw.contract), about.embedder],
    ...[String(about.values), about.embedderLicence],
    ...[lfw === undefined ? NOT_MEASURED : accuracyOf(lfw), tar(1e-3), tar(1e-4)],
    ...[lfw === undefined ? '' : `${lfw.photosWithoutFace} of ${lfw.photos}`, milliseconds(times?.embed)],
  ];
}

/** Its file was not here, or its terms were not accepted. */
const NOT_MEASURED = 'not measured';

const licenceOf = ({ licence }: ModelFile): string => licence.spdx + (licence.permissive ? '' : ' (to be accepted)');
const code = (text: string): string => `\`${text}\``;
/** With a comparer, by the cosine and by the comparer. */
const accuracyOf = ({ accuracy, comparer }: LfwFigures): string =>
  percent(accuracy) + (comparer === undefined ? '' : `; comparer ${percent(comparer.accuracy)}`);
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
const milliseconds = (value: number | undefined): string =>
  value === undefined ? '' : value.toFixed(value < 100 ? 1 : 0);

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
