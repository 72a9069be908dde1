/** HTML that is safe to write out. Only `markup` makes it, so that no text gets into a page without being escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/**
 * A template whose values are escaped, for text and for attributes in double quotes, unless they are Html already.
 *
 * Not called `html`: formatters close the tags of fragments in templates of that name.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(strings.reduce((text, string, at) => text + show(values[at - 1]) + string));
}

/** Our own style sheet or script: never text from outside. */
export const trusted = (text: string): Html => new Html(text);

function show(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escape(value);
  return value.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
