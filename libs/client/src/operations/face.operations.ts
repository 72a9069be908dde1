import { callBase, type CallOptions, type Connection } from '../connection.js';
import { assignFace, rejectFace } from '../generated/sdk.gen.js';
import type { ResultFace } from '../generated/types.gen.js';

/** Saying whose a face is, or is not. A face is named by the `faceId` of a result. */
export class FaceOperations {
  constructor(private readonly connection: Connection) {}

  /** This face is that person. Outlives every later comparison. */
  assign(face: string, person: string, options?: CallOptions): Promise<ResultFace> {
    return assignFace({ ...callBase(this.connection, options), path: { face }, body: { person } });
  }

  /** This face is not that person, and is never matched to that person again. */
  reject(face: string, person: string, options?: CallOptions): Promise<ResultFace> {
    return rejectFace({ ...callBase(this.connection, options), path: { face }, body: { person } });
  }
}
