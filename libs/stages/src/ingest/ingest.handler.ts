import { createHash } from 'node:crypto';
import { type DetectJob, type IngestJob, sourceName, type StageContext, toldFactsOf } from '@facelane/contracts';
import { inspectImage, type ImageLimits } from '@facelane/imaging';
import { AssetsRegistry, DerivedStore, PhotoUses, PhotoVault } from '@facelane/registry';
import { SourceReader } from '../source.reader.js';

/** Fetches, checks, hashes and stores the photo, and writes the asset document. */
export class IngestHandler {
  readonly stage = 'ingest';

  constructor(
    private readonly sources: SourceReader,
    private readonly uses: PhotoUses,
    private readonly photos: PhotoVault,
    private readonly derived: DerivedStore,
    private readonly assets: AssetsRegistry,
    private readonly limits: ImageLimits,
    /** The bucket of this deployment: photos that lie in it already are not copied. */
    private readonly bucket: string,
  ) {}

  readonly handle = async (job: IngestJob, { signal }: StageContext): Promise<DetectJob> => {
    const { source, externalId, tags, bulk, ...asset } = job;
    const bytes = await this.sources.read(source, signal);
    const facts = await inspectImage(bytes, this.limits, { subject: sourceName(source) });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const photo = {
      sha256,
      bytes: bytes.byteLength,
      format: facts.format,
      width: facts.width,
      height: facts.height,
    };
    // Before the photo is looked for: whoever removes the last asset with these bytes looks for uses after he has taken
    // them away, and puts back what this run may have relied on (see PhotoUses).
    await this.uses.add(job.tenant, sha256, { collection: job.collection, assetId: job.assetId }, signal);
    const ours = source.kind === 'object' && source.bucket === this.bucket;
    const seen = ours
      ? await this.derived.hasEmbeddings(job.tenant, job.contract, sha256, signal)
      : await this.photos.keep(job.tenant, sha256, bytes, facts.format, signal);
    const known = await this.assets.writeAsset({
      version: 1,
      tenant: job.tenant,
      collection: job.collection,
      id: job.assetId,
      contract: job.contract,
      source,
      intent: job.intent,
      photo,
      submittedAt: job.submittedAt,
      ...(externalId !== undefined && { externalId }),
      ...(tags !== undefined && { tags }),
      ...(bulk !== undefined && { bulk }),
      ...(job.quiet && { quiet: job.quiet }),
    });
    return {
      ...{ ...asset, photo, seen },
      ...(known && { again: true }),
      ...(ours && { photoKey: source.key }),
      // The last stage tells; that it need not read the asset document for it, the jobs carry what is told of it.
      ...(!job.quiet && { facts: toldFactsOf(job) }),
    };
  };
}
