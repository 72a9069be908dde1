import { callBase, type CallOptions, type Connection } from '../connection.js';
import { detect, search, verify } from '../generated/sdk.gen.js';
import type { DetectAnswer, SearchAnswer, SearchRequest, VerifyAnswer, VerifyRequest } from '../generated/types.gen.js';
import { photoBody } from '../photo.body.js';
import type { PhotoInput } from '../photo.input.js';

export type SearchInput = Omit<SearchRequest, 'image'> & { readonly image: PhotoInput };

/** Two photos, or a photo and a person of a collection. */
export type VerifyInput = Omit<VerifyRequest, 'a' | 'b'> & { readonly a: PhotoInput; readonly b?: PhotoInput };

/** Questions about one photo, answered at once. */
export class RecognitionOperations {
  constructor(private readonly connection: Connection) {}

  /** Who is in this photo? Nothing of it is kept, unless `store` is true. */
  async search(collection: string, input: SearchInput, options?: CallOptions): Promise<SearchAnswer> {
    return search({
      ...callBase(this.connection, options),
      path: { collection },
      ...(await photoBody({ ...input })),
      // A photo that is kept is better not sent twice.
      ...(input.store !== true && { fetch: this.connection.fetch.always }),
    });
  }

  /** Do two photos show the same person? Is this that person? */
  async verify(input: VerifyInput, options?: CallOptions): Promise<VerifyAnswer> {
    return verify({ ...(await this.question({ ...input }, options)) });
  }

  /** Where are faces, and how good are they? */
  async detect(image: PhotoInput, options?: CallOptions): Promise<DetectAnswer> {
    return detect({ ...(await this.question({ image }, options)) });
  }

  private async question(fields: Readonly<Record<string, unknown>>, options: CallOptions | undefined) {
    return {
      ...callBase(this.connection, options),
      ...(await photoBody(fields)),
      fetch: this.connection.fetch.always,
    };
  }
}
