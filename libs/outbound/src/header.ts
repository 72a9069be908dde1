/** The headers of an answer as undici hands them over: one that was sent twice is an array. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The value of a header, and of one that was sent twice the first, as if the second had never come. */
export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value[0] : value;
}
