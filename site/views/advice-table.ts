import { adviceList, type AdviceCode } from '../../core/advice.ts';
import type { GroupRecord } from '../../results/schema.ts';
import { column, textCell, type DataTable } from './data-table.ts';
import { clip } from './format.ts';

/** A code as it is written: `zeros on dense kernels`. */
export function adviceName(code: AdviceCode): string {
  return code.replaceAll('-', ' ');
}

/** What was advised about the variants of a group before they were measured; null where nothing was. */
export function adviceTable({ variants }: GroupRecord): DataTable | null {
  const rows = variants.flatMap(({ variant, advice }) =>
    (advice ?? []).map((one) => ({ name: variant.name, ...one })),
  );
  if (rows.length === 0) return null;
  return {
    caption: 'Advice, given before anything was measured',
    columns: [column('Advice'), column('Found'), column('Meaning'), column('What to do')],
    rows: rows.map(({ name, code, detail, action }) => ({
      name: clip(name, 60),
      path: null,
      cells: [
        textCell(adviceName(code)),
        textCell(clip(detail, 300)),
        textCell(adviceList[code].meaning),
        textCell(clip(action, 300)),
      ],
    })),
  };
}
