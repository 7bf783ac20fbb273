import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { UserError } from '../../src/lib/errors.ts';

/** A measured series whose unusual hours an expert has marked. */
export interface LabelledSeries {
  name: string;
  points: { at: number; value: number | null }[];
  labels: boolean[];
  /** Which half it belongs to: parameters may be chosen on the first, figures count on the second. */
  half: 'tuning' | 'test';
}

const HEADER = 'series,timestamp,value,label';
const Row = z.tuple([
  z.string().min(1),
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\dZ?$/)
    .transform((text) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)),
  z
    .string()
    .transform((text) => (text === '' ? null : Number(text)))
    .pipe(z.number().nullable()),
  z.enum(['0', '1']).transform((text) => text === '1'),
]);

/**
 * Reads `series,timestamp,value,label` (gzipped or not): hours in UTC, an empty value is a missing one, label 1 lies
 * in a marked window. Throws `invalid_input` naming the line that does not fit.
 */
export function readTelemetry(file: string): LabelledSeries[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== HEADER) throw new UserError('invalid_input', `${file} does not begin with "${HEADER}".`);
  const found = new Map<string, LabelledSeries>();
  for (const [index, line] of lines.entries()) {
    const row = Row.safeParse(line.split(','));
    if (!row.success)
      throw new UserError(
        'invalid_input',
        `Line ${index + 2} of ${file} is no series, timestamp, value and label.`,
      );
    const [name, at, value, marked] = row.data;
    const series = found.get(name) ?? { name, points: [], labels: [], half: halfOf(name) };
    series.points.push({ at, value });
    series.labels.push(marked);
    found.set(name, series);
  }
  return [...found.values()];
}

/** By the first byte of the SHA-256 of its name: even is for tuning. */
function halfOf(name: string): LabelledSeries['half'] {
  const [first = 0] = createHash('sha256').update(name).digest();
  return first % 2 === 0 ? 'tuning' : 'test';
}
