/**
 * Text in the form in which two spellings of one name are equal: compatibility characters as what they stand for
 * (NFKC, UAX #15), then upper case, which folds more than lower case does (`ß` is `SS`, and both sigmas are `Σ`).
 * Once more NFKC, since a change of case may leave a letter and its accent apart.
 */
export function foldedText(text: string): string {
  return text.normalize('NFKC').toUpperCase().normalize('NFKC');
}
