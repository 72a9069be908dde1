import { createHash } from 'node:crypto';
import { type Html, markup, trusted } from './html.js';

export interface Page {
  readonly title: string;
  /** Our own. */
  readonly style: string;
  /** Our own. Default: none, and none may run. */
  readonly script?: string;
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page may load nothing and run nothing but its own script: names and paths in it come from strangers. */
const policy = ({ style, script }: Page): string =>
  `default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src ${digest(style)}` +
  (script === undefined ? '' : `; script-src ${digest(script)}`);

/** Up to the start of the body. The digests cover the tags' whole content, so not a space may come between. */
export function pageStart(page: Page): Html {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(page)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        ${trusted(`<style>${page.style}</style>`)}
      </head>
      <body> `;
}

/** From the end of the body's `main` on. */
export function pageEnd({ script }: Pick<Page, 'script'>, createdAt: string, remark: string): Html {
  return markup`<footer>Made by Facelane on ${createdAt.slice(0, 16).replace('T', ' ')} UTC. ${remark}</footer>
</main>
${script === undefined ? undefined : trusted(`<script>${script}</script>`)}
</body>
</html>
`;
}
