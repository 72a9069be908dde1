import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Description {
  info: { version: string };
  components: { schemas: Record<string, { properties: Record<string, unknown>; required: string[] }> };
}

let tree: string;

/** As much of the repository as scripts/released.mjs looks at, compiled already. */
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'facelane-released-'));
  await Promise.all([mkdir(join(tree, 'scripts')), mkdir(join(tree, 'docs'))]);
  await cp(join(root, 'scripts/released.mjs'), join(tree, 'scripts/released.mjs'));
  await writeFile(join(tree, 'scripts/build.mjs'), '');
  await symlink(join(root, 'dist'), join(tree, 'dist'), 'dir');
  for (const name of ['openapi', 'asyncapi']) {
    await cp(join(root, `docs/${name}.json`), join(tree, `docs/${name}.json`));
    await cp(join(root, `docs/${name}.json`), join(tree, `docs/${name}.released.json`));
  }
  await writeFile(
    join(tree, 'CHANGELOG.md'),
    '# Changelog\n\n## Unreleased\n\n### Added\n\n- All.\n\n## 0.1.0\n\n- Some.\n',
  );
});
afterEach(() => rm(tree, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      join(tree, 'scripts/released.mjs'),
      ...args,
    ]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

const file = (name: string): Promise<string> => readFile(join(tree, name), 'utf8');

async function edit(change: (description: Description) => void, name = 'openapi'): Promise<void> {
  const description = JSON.parse(await file(`docs/${name}.json`)) as Description;
  change(description);
  await writeFile(join(tree, `docs/${name}.json`), JSON.stringify(description));
}

const breakIt = ({ components: { schemas } }: Description): void => {
  Reflect.deleteProperty(schemas['Person']!.properties, 'name');
  schemas['NewAsset']!.required.push('tags');
};

describe('released:check', () => {
  it('passes while nothing breaks a client', async () => {
    expect(await run()).toEqual({ code: 0, out: '', err: '' });
    await edit(({ components }) => (components.schemas['Person']!.properties['nickname'] = { type: 'string' }));
    expect(await run()).toEqual({ code: 0, out: '', err: '' });
  });

  it('fails and names each change, whom it breaks, and what to do', async () => {
    await edit(breakIt);
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('2 changes break clients');
    expect(err).toContain('- request NewAsset.tags must be sent now (createAsset)');
    expect(err).toMatch(/- response Person\.name was removed \(\w+, \w+, \w+ and \d+ more\)/);
    expect(err).toContain('npm run released:accept');
  });

  it('watches over what is sent as well', async () => {
    const forget = ({ components: { schemas } }: Description): unknown =>
      Reflect.deleteProperty(schemas['FaceMatchedEvent']!.properties, 'collection');
    await edit(forget, 'asyncapi');
    const { code, err } = await run();
    expect(code).toBe(1);
    expect(err).toContain('- FaceMatchedEvent.collection was removed (face.matched)');
    expect(err).toContain('docs/asyncapi.released.json');
    expect((await run('--accept')).out).toContain('raise the first number of EVENTS_VERSION');
    expect(await file('CHANGELOG.md')).toContain('Events: clients rely on description');
    expect((await run()).code).toBe(0);
  });

  it.each(['openapi', 'asyncapi'])('fails while nothing is released of %s', async (name) => {
    await rm(join(tree, `docs/${name}.released.json`));
    expect(await run()).toMatchObject({ code: 1, err: expect.stringContaining('released:accept') as string });
  });
});

describe('released:accept', () => {
  it('promises the current description, says so, and notes it in the part of the changelog that is not released', async () => {
    await edit(breakIt);
    const { code, out } = await run('--accept');
    expect(code).toBe(0);
    expect(out).toContain('You have just promised this description to every client');
    expect(out).toContain('raise the first number of API_VERSION');
    expect(await file('docs/openapi.released.json')).toBe(await file('docs/openapi.json'));
    const changelog = await file('CHANGELOG.md');
    const [, unreleased = '', older] = changelog.split(/^## /m);
    expect(unreleased).toMatch(
      /- All\.\n\n### Changed\n\n- HTTP API: clients rely on description .+\n- \*\*Breaks clients\*\*/,
    );
    expect(older).toBe('0.1.0\n\n- Some.\n');
    expect((await run()).code).toBe(0);
  });

  it('adds to what is noted already, and is content with a higher first number', async () => {
    await edit((description) => (description.info.version = '8.1.0'));
    await run('--accept');
    await edit((description) => {
      description.info.version = '9.0.0';
      breakIt(description);
    });
    const { out } = await run('--accept');
    expect(out).not.toContain('raise the first number');
    expect((await file('CHANGELOG.md')).match(/### Changed/g)).toHaveLength(1);
    expect(await file('CHANGELOG.md')).toContain('description 9.0.0 now, on 8.1.0 before');
  });

  it('does nothing twice', async () => {
    expect((await run('--accept')).out).toContain('HTTP API: nothing to accept');
    expect(await file('CHANGELOG.md')).not.toContain('clients rely');
  });
});
