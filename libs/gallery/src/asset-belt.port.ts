import type { MatchJob } from '@facelane/contracts';

/** A change of a person, after which faces are to be compared again. */
export interface PersonChange {
  readonly tenant: string;
  readonly collection: string;
  readonly contract: string;
  readonly personId: string;
  /** Names the change, e.g. a reference id: the same change asked for twice is worked on once. */
  readonly change: string;
}

/**
 * What this room needs of the queues, without knowing them. The class is the injection token; the application provides
 * it.
 */
export abstract class AssetBelt {
  /** Puts finished assets back to the match stage; those that wait there already are left as they are. */
  abstract rematch(jobs: readonly MatchJob[]): Promise<void>;

  /**
   * Has the faces looked through that the person may be now or was before: at once, and a second time after every
   * match run that was under way by now has ended, since such a run may have searched before the change and written
   * after it.
   */
  abstract rebind(change: PersonChange): Promise<void>;

  /**
   * Resolves once every match run that is under way by now has ended: whatever it read before now, it has written. Runs
   * that begin later are not waited for.
   */
  abstract settled(): Promise<void>;

  /** Takes every job of the asset off the queues, waiting for one that runs. Resolves to how many there were. */
  abstract withdraw(assetId: string): Promise<number>;

  /** The same for every job whose data `concerns` says so of. Resolves to how many there were. */
  abstract withdrawWhere(concerns: (data: unknown) => boolean): Promise<number>;

  /**
   * Has the queues' files on disk written anew, without what was withdrawn. Resolves to false where that could not be
   * had: the server does not permit it, or was not done in time.
   */
  abstract purge(): Promise<boolean>;
}
