/** Where a file comes from, taken apart. */
export type Source =
  | { readonly kind: 'npm'; readonly package: string; readonly version: string; readonly path: string }
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'build'; readonly recipe: string };

// Strict enough that the parts are safe as arguments of a command and as paths inside a tarball.
const NPM_SOURCE =
  /^npm:(?<name>(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)@(?<version>\d+\.\d+\.\d+[\w.+-]*)\/(?<path>[\w@+-][\w@+./-]*)$/;

const BUILD_SOURCE = /^build:(?<recipe>[a-z0-9][a-z0-9-]*)$/;

/** @throws RangeError when `text` is none of `npm:<package>@<version>/<path>`, `https://…`, `file:<path>` and `build:<recipe>`. */
export function parseSource(text: string): Source {
  const npm = NPM_SOURCE.exec(text)?.groups;
  if (npm !== undefined && !npm['path']!.split('/').includes('..')) {
    return { kind: 'npm', package: npm['name']!, version: npm['version']!, path: npm['path']! };
  }
  const recipe = BUILD_SOURCE.exec(text)?.groups?.['recipe'];
  if (recipe !== undefined) return { kind: 'build', recipe };
  if (isFetchable(text)) return { kind: 'web', url: text };
  if (text.startsWith('file:') && text.length > 'file:'.length)
    return { kind: 'file', path: text.slice('file:'.length) };
  throw new RangeError(
    `"${text}" is not npm:<package>@<exact version>/<path>, https://…, file:<path> or build:<recipe>`,
  );
}

/** Plain http only on this machine (a local mirror); the digest would catch a change, but not someone reading along. */
function isFetchable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}
