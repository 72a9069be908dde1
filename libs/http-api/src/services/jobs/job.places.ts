import { type BulkJobDocument, PIPELINE } from '@facelane/contracts';
import type { PipelineBelt } from '@facelane/queue';

/** Photos of a job at one stage now. */
export interface StagePlaces {
  readonly stage: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

/** Jobs of a stage that are looked at in one state; the windows of all bulk jobs together are seldom more. */
const MOST_LOOKED_AT = 5_000;
/** Everybody who follows a job sees the same look at the belt. */
const KEPT_MS = 1_000;

const STATES = { waiting: ['wait', 'prioritized'], active: ['active'], delayed: ['delayed'] } as const;
type State = keyof typeof STATES;

interface Look {
  readonly at: number;
  /** By job, then one line per stage. */
  readonly places: Promise<ReadonlyMap<string, StagePlaces[]>>;
}

/** Where on the belt the items of bulk jobs are, for any number of askers with one look a second. */
export class JobPlaces {
  private look: Look | undefined;

  constructor(
    private readonly belt: Pick<PipelineBelt<typeof PIPELINE>, 'queues'>,
    private readonly now: () => number = Date.now,
  ) {}

  async of(job: BulkJobDocument): Promise<readonly StagePlaces[]> {
    if (this.look === undefined || this.now() - this.look.at >= KEPT_MS) {
      this.look = { at: this.now(), places: this.lookAtBelt() };
    }
    const { places } = this.look;
    // A look that failed is no answer for the next one who asks.
    places.catch(() => (this.look = undefined));
    return (await places).get(nameOf(job)) ?? noPlaces();
  }

  private async lookAtBelt(): Promise<Map<string, StagePlaces[]>> {
    const found = new Map<string, StagePlaces[]>();
    for (const [at, stage] of PIPELINE.order.entries()) {
      for (const state of Object.keys(STATES) as State[]) {
        const jobs = await this.belt.queues.queue(stage).getJobs([...STATES[state]], 0, MOST_LOOKED_AT - 1);
        for (const { data } of jobs.filter((job) => job as unknown)) {
          const name = nameOf(data as Named);
          const places = found.get(name) ?? noPlaces();
          const place = places[at]!;
          places[at] = { ...place, [state]: place[state] + 1 };
          found.set(name, places);
        }
      }
    }
    return found;
  }
}

interface Named {
  readonly tenant: string;
  readonly collection: string;
  readonly submittedAt?: string;
  readonly createdAt?: string;
}

/** Every item of a job is submitted at the time the job was created; later stages carry no other trace of it. */
const nameOf = ({ tenant, collection, submittedAt, createdAt }: Named): string =>
  JSON.stringify([tenant, collection, submittedAt ?? createdAt]);

const noPlaces = (): StagePlaces[] => PIPELINE.order.map((stage) => ({ stage, waiting: 0, active: 0, delayed: 0 }));
