/**
 * A URL that this deployment does not call: for its form, its scheme, or where its host lies. The message completes a
 * sentence that begins with the URL; it never says which address a name stands for, since that may be a secret of the
 * network we run in.
 */
export class ForbiddenTargetError extends Error {
  override readonly name = 'ForbiddenTargetError';
}

export const notPublic = (): ForbiddenTargetError => new ForbiddenTargetError('is not on a public host');
