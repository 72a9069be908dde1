import { DELIVERIES, PIPELINE, PROBES, UPKEEP } from '@facelane/contracts';
import { type BeltOptions, type BeltRole, PipelineBelt } from '@facelane/queue';

/** Every table of stages over one connection. The class is the injection token. */
export class Belts {
  readonly probes: PipelineBelt<typeof PROBES>;
  readonly upkeep: PipelineBelt<typeof UPKEEP>;
  readonly deliveries: PipelineBelt<typeof DELIVERIES>;

  private constructor(
    /** The first of them: it owns the connection, and closing it closes all. */
    readonly pipeline: PipelineBelt<typeof PIPELINE>,
  ) {
    this.probes = pipeline.alongside(PROBES);
    this.upkeep = pipeline.alongside(UPKEEP);
    this.deliveries = pipeline.alongside(DELIVERIES);
  }

  /** @throws as PipelineBelt.open */
  static async open(role: BeltRole, options: BeltOptions): Promise<Belts> {
    return new Belts(await PipelineBelt.open(PIPELINE, role, options));
  }

  /** In the order of TABLES. */
  get all(): readonly PipelineBelt[] {
    return [this.pipeline, this.probes, this.upkeep, this.deliveries];
  }

  /** The belt of a stage's table. @throws TypeError when no table has the stage. */
  of(stage: string): PipelineBelt {
    const belt = this.all.find(({ pipeline }) => pipeline.order.includes(stage));
    if (belt === undefined) throw new TypeError(`No table has a stage "${stage}".`);
    return belt;
  }

  async close(): Promise<void> {
    await this.pipeline.close();
  }
}
