/** What tests read of the API's answers; the client's types are generated, these are as a caller would jot them down. */
export interface FaceAnswer {
  readonly index: number;
  readonly faceId: string;
  readonly decision: 'match' | 'review' | 'none';
  readonly personId?: string;
  readonly candidates: readonly { readonly personId: string; readonly name: string; readonly score: number }[];
  readonly displacedBy?: number;
}

export interface AssetAnswer {
  readonly id: string;
  readonly state: 'pending' | 'done' | 'failed';
  readonly stages: readonly { readonly stage: string; readonly state: string }[];
  readonly result?: { readonly faces: readonly FaceAnswer[] };
  readonly failure?: { readonly stage: string; readonly code: string };
}

export interface PersonAnswer {
  readonly id: string;
  readonly name: string;
  readonly references: number;
  readonly mergedInto?: string;
  readonly absorbed: readonly string[];
}

export interface EnrolAnswer {
  readonly person: PersonAnswer;
  readonly accepted: number;
  readonly refused: number;
  readonly photos: readonly {
    readonly outcome: string;
    readonly assetId: string;
    readonly reason?: string;
    readonly measured?: number;
    readonly bar?: number;
    readonly referenceId?: string;
    readonly code?: string;
  }[];
}

export interface PageAnswer<T> {
  readonly items: readonly T[];
  readonly next?: string;
}
