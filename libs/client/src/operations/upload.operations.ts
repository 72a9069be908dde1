import { callBase, type CallOptions, type Connection } from '../connection.js';
import { FacelaneProblem } from '../facelane.problem.js';
import { unreachable } from '../facelane.unreachable.js';
import { createUpload } from '../generated/sdk.gen.js';
import type { NewUpload, ObjectSource, Upload } from '../generated/types.gen.js';
import { type PhotoBytes, toBlob } from '../photo.input.js';

/** Large photos and many of them, past the API and straight to where they are kept. */
export class UploadOperations {
  constructor(private readonly connection: Connection) {}

  /** An address to PUT a photo to, with the headers that it asks for and without a key. */
  create(upload: NewUpload = {}, options?: CallOptions): Promise<Upload> {
    return createUpload({ ...callBase(this.connection, options), body: upload });
  }

  /** Uploads a photo and answers where it is: hand that on as `source`, `image` or one of `photos`. */
  async put(photo: PhotoBytes, upload: NewUpload = {}, options: CallOptions = {}): Promise<ObjectSource> {
    const body = await toBlob(photo);
    const contentType = upload.contentType ?? (body.type === '' ? undefined : body.type);
    const { url, method, headers, source } = await this.create(
      { ...upload, ...(contentType !== undefined && { contentType }) },
      options,
    );
    const address = new URL(url, this.connection.url);
    const { signal } = options;
    const response = await this.send(address, { method, headers, body, ...(signal !== undefined && { signal }) });
    if (response.ok) return source;
    throw new FacelaneProblem(await documentOf(response), response);
  }

  private async send(address: URL, init: RequestInit): Promise<Response> {
    try {
      return await this.connection.fetch.usual(address, init);
    } catch (error) {
      throw error instanceof TypeError ? unreachable(address.origin, error) : error;
    }
  }
}

/** An object store answers in XML, which says nothing that its status does not. */
async function documentOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(await response.text());
    return typeof document === 'object' && document !== null ? { ...document } : {};
  } catch {
    return {};
  }
}
