import type { PIPELINE } from '@facelane/contracts';
import type { PipelineBelt, PipelineEvent, PipelineEvents } from '@facelane/queue';

type Listener = (event: PipelineEvent) => void;

/**
 * What happens on the belt, for any number of listeners over one connection: each that waits would else make one of its
 * own. The reader starts with the first listener and stays.
 */
export class SharedEvents {
  private readonly listeners = new Set<Listener>();
  private reading: Promise<PipelineEvents> | undefined;

  constructor(private readonly belt: Pick<PipelineBelt<typeof PIPELINE>, 'listen'>) {}

  /** Everything that happens after this resolves is heard, until `close` of what it resolves to. */
  async listen(listener: Listener): Promise<{ close(): Promise<void> }> {
    this.listeners.add(listener);
    const close = (): Promise<void> => {
      this.listeners.delete(listener);
      return Promise.resolve();
    };
    try {
      this.reading ??= this.belt.listen((event) => {
        for (const hear of this.listeners) hear(event);
      });
      await this.reading;
      return { close };
    } catch (error) {
      this.reading = undefined;
      await close();
      throw error;
    }
  }
}
