import { type ResultRow, summarizePeople } from '../summary.js';
import { type Cell, type TableStyle, renderTable } from './table.js';

/** At most so many photos are named per person. */
const NAMED_PHOTOS = 6;

/** In which photos each person is, the most often seen first. Photos where he only may be carry a `?`. */
export function peopleTable(rows: readonly ResultRow[], style: TableStyle): string {
  const cells = summarizePeople(rows).map(({ name, photos, toReview }): readonly Cell[] => {
    const named = [
      ...photos.map(({ row }) => ({ text: row.file, cut: 'middle' as const })),
      ...toReview.map(({ row }) => ({ text: `${row.file}?`, tone: 'warn' as const, cut: 'middle' as const })),
    ];
    const more = named.length - NAMED_PHOTOS;
    return [
      name,
      String(photos.length),
      [...named.slice(0, NAMED_PHOTOS), ...(more > 0 ? [{ text: `${more} more`, tone: 'dim' as const }] : [])],
    ];
  });
  return renderTable(
    [{ title: 'Person', share: 0.3 }, { title: 'Photos', align: 'right' }, { title: 'In' }],
    cells,
    style,
  );
}
