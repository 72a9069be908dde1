import type { PROBES } from '@facelane/contracts';
import type { PipelineBelt, PipelineEvent, PipelineEvents } from '@facelane/queue';
import { unlessAborted } from '../async/time.limit.js';

type Outcome = PipelineEvent['outcome'];

/** What is heard of one probe. */
export class ProbeNews {
  private outcome: Outcome | undefined;
  private wake: (() => void) | undefined;

  hear(outcome: Outcome): void {
    this.outcome = outcome;
    this.wake?.();
  }

  /** What was heard since the last call; undefined when it has been quiet for so long. @throws reason of the signal */
  async next(quietMs: number, signal: AbortSignal): Promise<Outcome | undefined> {
    if (this.outcome === undefined) {
      const woken = Promise.withResolvers<undefined>();
      this.wake = () => woken.resolve(undefined);
      const timer = setTimeout(this.wake, quietMs);
      await unlessAborted(signal, woken.promise).finally(() => clearTimeout(timer));
    }
    const { outcome } = this;
    this.outcome = undefined;
    return outcome;
  }
}

/** Tells the ends of probes to whoever waits for them; one reader of events for all, from the first question on. */
export class ProbeEnds {
  private readonly news = new Map<string, ProbeNews>();
  private reading: Promise<PipelineEvents> | undefined;

  constructor(private readonly belt: Pick<PipelineBelt<typeof PROBES>, 'listen'>) {}

  /** Everything that happens to the probe after this resolves is heard, until `forget`. */
  async expect(probeId: string, signal: AbortSignal): Promise<ProbeNews> {
    const news = new ProbeNews();
    this.news.set(probeId, news);
    await unlessAborted(signal, this.listening());
    return news;
  }

  forget(probeId: string): void {
    this.news.delete(probeId);
  }

  async close(): Promise<void> {
    const events = await this.reading?.catch(() => undefined);
    await events?.close();
  }

  private async listening(): Promise<void> {
    // Somebody waits for every one of them: no pause to gather more.
    this.reading ??= this.belt.listen(({ assetId, outcome }) => this.news.get(assetId)?.hear(outcome), { gatherMs: 0 });
    try {
      await this.reading;
    } catch (error) {
      this.reading = undefined;
      throw error;
    }
  }
}
