import { type Cell, type TableStyle, renderTable } from './table.js';

/** What the queue says of one stage. */
export interface StageRow {
  readonly stage: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
  readonly workers: number;
}

const COLUMNS = [
  { title: 'Stage' },
  { title: 'Waiting', align: 'right' },
  { title: 'Active', align: 'right' },
  { title: 'Delayed', align: 'right' },
  { title: 'Dead', align: 'right' },
  { title: 'Workers', align: 'right' },
  { title: 'State' },
] as const;

/** The belt at one glance, one line per stage. */
export function stageTable(stages: readonly StageRow[], style: TableStyle): string {
  return renderTable(COLUMNS, stages.map(stageCells), style);
}

function stageCells(row: StageRow): readonly Cell[] {
  const { stage, waiting, active, delayed, dead, workers } = row;
  return [stage, ...[waiting, active, delayed, dead, workers].map(String), [state(row)]];
}

function state({ waiting, active, delayed, dead, workers }: StageRow) {
  if (workers === 0 && waiting + active + delayed > 0) return { text: 'no worker', tone: 'bad' } as const;
  if (dead > 0) return { text: 'dead letters', tone: 'warn' } as const;
  if (waiting + active + delayed > 0) return { text: 'working', tone: 'good' } as const;
  return { text: 'idle', tone: 'dim' } as const;
}
