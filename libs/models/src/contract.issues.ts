import type { ModelContract } from './contract.schema.js';
import { metricIssues, vectorDimension } from './metric.js';
import type { ModelFile } from './model-file.schema.js';

interface Issue {
  /** Within the contract. */
  readonly path: readonly string[];
  readonly message: string;
}

/** What of a contract does not go with the files of its manifest, or with itself. */
export function contractIssues(name: string, contract: ModelContract, files: readonly ModelFile[]): Issue[] {
  return [
    ...roleIssues(contract, files),
    ...metricIssues(contract),
    ...comparerIssues(name, contract, files),
    ...landmarkIssues(contract, files),
  ];
}

const fileOf = (id: string | undefined, files: readonly ModelFile[]): ModelFile | undefined =>
  files.find((file) => file.id === id);

/** Every file that it names is there, and of the kind that its place asks for. */
function roleIssues(contract: ModelContract, files: readonly ModelFile[]): Issue[] {
  const { detector, landmarks, embedder, second, comparer } = contract;
  const named = [
    { id: detector, kind: 'detector', path: ['detector'] },
    { id: landmarks, kind: 'landmarks', path: ['landmarks'] },
    { id: embedder, kind: 'embedder', path: ['embedder'] },
    { id: second?.embedder, kind: 'embedder', path: ['second', 'embedder'] },
    { id: comparer, kind: 'comparer', path: ['comparer'] },
  ];
  return named
    .filter(({ id, kind }) => id !== undefined && fileOf(id, files)?.kind !== kind)
    .map(({ id, kind, path }) => ({ path, message: `"${id}" is not a file of kind ${kind} in this manifest` }));
}

/** A comparer takes vectors as long as the contract makes them. */
function comparerIssues(name: string, contract: ModelContract, files: readonly ModelFile[]): Issue[] {
  const [embedder, other, comparer] = [contract.embedder, contract.second?.embedder, contract.comparer].map((id) =>
    fileOf(id, files),
  );
  if (embedder?.kind !== 'embedder' || comparer?.kind !== 'comparer') return [];
  const second = other?.kind === 'embedder' ? { embedder: other } : undefined;
  const made = vectorDimension({ embedder, second, metric: contract.metric });
  if (made === comparer.dimension) return [];
  const message = `"${comparer.id}" compares vectors of ${comparer.dimension} values, "${name}" makes ${made}`;
  return [{ path: ['comparer'], message }];
}

/** Without landmarks the detector's own points count: it must find some. */
function landmarkIssues({ detector: id, landmarks }: ModelContract, files: readonly ModelFile[]): Issue[] {
  const detector = fileOf(id, files);
  if (landmarks !== undefined || detector?.kind !== 'detector' || detector.decoder !== 'ultraface') return [];
  return [{ path: ['landmarks'], message: `"${id}" finds no points, so the contract needs landmarks` }];
}
