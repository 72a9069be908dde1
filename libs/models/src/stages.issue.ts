/** Networks after the first, by decoder; the others have none. */
const FURTHER_NETWORKS: Readonly<Record<string, number>> = { mtcnn: 2, haar: 1 };

interface Staged {
  readonly kind: string;
  readonly decoder?: string;
  readonly stages?: readonly string[] | undefined;
}

/**
 * What is wrong with the stages that a detector names; undefined when nothing is.
 *
 * @param kinds - of the manifest's files, by id
 */
export function stagesIssue(file: Staged, kinds: ReadonlyMap<string, string>): string | undefined {
  const { kind, decoder, stages = [] } = file;
  if (kind !== 'detector' || decoder === undefined) return undefined;
  const count = FURTHER_NETWORKS[decoder] ?? 0;
  if (stages.length !== count) return `the decoder "${decoder}" takes ${count} stages, not ${stages.length}`;
  const stranger = stages.find((id) => kinds.get(id) !== 'stage');
  return stranger === undefined ? undefined : `"${stranger}" is not a file of kind stage in this manifest`;
}
