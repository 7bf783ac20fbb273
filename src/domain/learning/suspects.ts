import { encode, fitEncoding, type RawColumn } from './encoding.ts';
import { areaUnderRoc } from './ranking.ts';
import { allRows, pickLabels } from './table.ts';

/** A column that tells the outcome nearly by itself, which the past seldom does: it may know the future. */
export interface Suspect {
  name: string;
  /** How well the column alone ranks, whichever way round; with which of its sides. */
  auc: number;
  by: 'value' | 'missing';
}

const TOO_GOOD = 0.95;

/** Looks at each column alone, by its values and by where they are missing. The best comes first. */
export function suspectsOf(columns: readonly RawColumn[], labels: Uint8Array): Suspect[] {
  const rows = allRows(labels.length);
  const encoding = fitEncoding(columns, rows, labels, 'ordered');
  return encode(encoding, columns, rows)
    .columns.flatMap((values, at): Suspect[] => {
      const name = columns[at]?.name ?? '';
      const present = rows.filter((row) => !Number.isNaN(values[row]));
      const missing = values.map((value) => (Number.isNaN(value) ? 1 : 0));
      return [
        { name, by: 'value', auc: eitherWay(values, labels, present) },
        { name, by: 'missing', auc: eitherWay(missing, labels, rows) },
      ];
    })
    .filter(({ auc }) => auc >= TOO_GOOD)
    .sort((a, b) => b.auc - a.auc);
}

/** NaN, which is above nothing, where only one outcome is there. */
function eitherWay(values: Float64Array, labels: Uint8Array, rows: Int32Array): number {
  const scores = Float64Array.from(rows, (row) => values[row] ?? 0);
  const { estimate } = areaUnderRoc(scores, pickLabels(labels, rows));
  return Math.max(estimate, 1 - estimate);
}
