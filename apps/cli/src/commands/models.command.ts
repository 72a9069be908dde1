import {
  contractFileIds,
  type ContractState,
  listContracts,
  listModels,
  loadManifest,
  pullModels,
  verifyModels,
} from '@facelane/models';
import { UsageError } from '@facelane/contracts';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { ModelProgress } from '../output/progress/model.progress.js';
import { bytesText } from '../output/progress/progress.text.js';
import { renderTable } from '../output/tables/table.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand } from './command.js';
import { trainCommand } from './train.command.js';

interface PullFlags extends CommonFlags {
  readonly all?: boolean;
  readonly acceptLicence?: readonly string[];
}

export const modelsCommand: CliCommand = {
  register(program, run) {
    const group = program.command('models').summary('the model files: fetch them, list them, check them');
    group
      .command('pull')
      .summary('fetch the files of the model contract, or the named ones')
      .argument('[ids...]', 'files by id, see `models list`')
      .option('--all', 'every file of the manifest whose terms are permissive or accepted with this command')
      .option(
        '--accept-licence <ids...>',
        'accept the terms of files that are not freely usable; recorded in the cache',
      )
      .action(run<PullFlags>(pull));
    group.command('list').summary('every file, its licence, and whether it is here').action(run<CommonFlags>(list));
    trainCommand.register(group, run);
    group
      .command('contracts')
      .summary(
        'every model contract: its name for MODELS_CONTRACT, the id that collections are pinned to, and its state',
      )
      .action(run<CommonFlags>(contracts));
    group.command('verify').summary('check the digest of every file that is here').action(run<CommonFlags>(verify));
  },
};

async function pull(context: CliContext, flags: PullFlags, named: readonly string[]): Promise<number> {
  const { config } = context;
  const manifest = await loadManifest({ own: config.models.manifest });
  const wanted = named.length > 0 ? named : contractFileIds(manifest, config.models.contract);
  const { all = false, acceptLicence = [] } = flags;
  const free = manifest.files.filter(({ id, licence }) => licence.permissive || acceptLicence.includes(id));
  const ids = all ? free.map(({ id }) => id) : wanted;
  const progress = new ModelProgress({ stream: process.stderr, mode: context.progress, color: context.style.color });
  const paths = await pullModels(manifest, ids, {
    cacheDir: config.models.cacheDir,
    onProgress: ({ file, ...state }) => progress.update({ name: file.id, ...state }),
    acceptLicences: acceptLicence,
  });
  context.print(
    context.json ? JSON.stringify(Object.fromEntries(paths)) : `${paths.size} files are in ${config.models.cacheDir}`,
  );
  return EXIT_CODES.ok;
}

async function list({ config, json, style, print }: CliContext): Promise<number> {
  const files = await listModels(await loadManifest({ own: config.models.manifest }), config.models.cacheDir);
  if (json) {
    print(JSON.stringify(files.map(({ file, ...state }) => ({ ...file, ...state }))));
    return EXIT_CODES.ok;
  }
  const rows = files.map(({ file, cached, licensed }) => [
    file.id,
    [stateCell(licensed ? (cached ? 'ready' : 'needs file') : 'needs licence')],
    file.kind,
    bytesText(file.bytes),
    file.licence.spdx,
  ]);
  const columns = [{ title: 'File' }, { title: 'State' }, { title: 'Kind' }, { title: 'Size' }, { title: 'Licence' }];
  print(renderTable(columns, rows, style));
  return EXIT_CODES.ok;
}

async function contracts({ config, json, style, print }: CliContext): Promise<number> {
  const listed = await listContracts(await loadManifest({ own: config.models.manifest }), config.models.cacheDir);
  const chosen = config.models.contract;
  if (json) {
    print(
      JSON.stringify(listed.map(({ contract, ...facts }) => ({ ...facts, chosen: facts.name === chosen, contract }))),
    );
    return EXIT_CODES.ok;
  }
  const rows = listed.map(({ name, id, contract, state }) => [
    name === chosen ? `${name} (chosen)` : name,
    [stateCell(state)],
    id,
    [contract.detector, contract.embedder, contract.second?.embedder].flatMap((text) =>
      text === undefined ? [] : { text },
    ),
  ]);
  const titles = ['Contract', 'State', 'Id', 'Made of'];
  print(renderTable(titles.map((title) => ({ title })), rows, style)); // prettier-ignore
  return EXIT_CODES.ok;
}

const stateCell = (text: ContractState): { text: string; tone: 'good' | 'dim' } => ({
  text,
  tone: text === 'ready' ? 'good' : 'dim',
});

async function verify({ config, json, print }: CliContext): Promise<number> {
  const states = await verifyModels(await loadManifest({ own: config.models.manifest }), config.models.cacheDir);
  const here = states.filter(({ state }) => state !== 'missing');
  const damaged = here.filter(({ state }) => state === 'corrupt');
  if (json) print(JSON.stringify(states.map(({ file, state, path }) => ({ id: file.id, state, path }))));
  else
    for (const { file, state, path } of here)
      print(`${state === 'intact' ? 'ok     ' : 'DAMAGED'}  ${file.id}  ${path}`);
  if (here.length === 0) {
    throw new UsageError(`No model file is in ${config.models.cacheDir}.`, 'Run `npm run models -- pull` first.');
  }
  return damaged.length === 0 ? EXIT_CODES.ok : EXIT_CODES.somePhotosFailed;
}
