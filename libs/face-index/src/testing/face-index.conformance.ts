import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { FaceIndex } from '../face-index.port.js';
import type { ConformanceContext } from './conformance/context.js';
import { describeContracts } from './conformance/contracts.suite.js';
import { describeFilters, describeFind, describeScroll, describeSearch } from './conformance/reads.suite.js';
import { describeClose, describeRefusals } from './conformance/refusals.suite.js';
import { describeConcurrentUpserts, describeDeletes, describeUpserts } from './conformance/writes.suite.js';
import { collect, SAMPLE_DIMENSION } from './samples.js';

/**
 * What every driver of the face index promises.
 *
 * `openDriver` gives a driver on the store under test; it is called more than once, each for a process of its own.
 */
export function describeFaceIndexConformance(openDriver: () => FaceIndex): void {
  const opened: FaceIndex[] = [];
  const open = (): FaceIndex => {
    const driver = openDriver();
    opened.push(driver);
    return driver;
  };
  const contract = { id: `conformance-${randomUUID()}`, dimension: SAMPLE_DIMENSION };
  let index: FaceIndex | undefined;
  const context: ConformanceContext = {
    contract,
    open,
    get index() {
      return (index ??= open());
    },
    all: (scope, pageSize = 100) => collect(context.index.scroll(contract.id, scope, { pageSize })),
  };

  // Of what a caller knows of a contract, id and dimension count.
  beforeAll(() => context.index.ensureContract({ ...contract, ...{ more: () => 1 } }));
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
  });

  describeContracts(context);
  describeUpserts(context);
  describeConcurrentUpserts(context);
  describeRefusals(context);
  describeSearch(context);
  describeFilters(context);
  describeFind(context);
  describeScroll(context);
  describeDeletes(context);
  describeClose(context);
}
