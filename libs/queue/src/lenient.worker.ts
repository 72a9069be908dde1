import { type Job, type JobJson, Worker } from 'bullmq';

/**
 * A worker that also takes a job whose data is not JSON, which another program may have written. BullMQ's own would
 * fail outside any job, and the job would go round for ever: here its data is the text itself, which fits no schema.
 */
export class LenientWorker extends Worker<unknown> {
  protected override createJob(stored: JobJson, jobId: string): Job<unknown> {
    try {
      return super.createJob(stored, jobId);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const job = super.createJob({ ...stored, data: JSON.stringify(stored.data) }, jobId);
      // Stored readable as well, or the dead letter could not be listed.
      void job.updateData(job.data).catch((failure: unknown) => this.emit('error', failure as Error));
      return job;
    }
  }
}
