import { z } from 'zod';
import { listedSchema, receiptSchema } from '../../domain/output-shapes.ts';
import type { Exhibit } from '../../domain/types.ts';
import { sayList } from '../wording.ts';

const MOST_TOLD = 4;

const findingSchema = z.strictObject({
  metric: z.string(),
  what: z.string(),
  customer: z.string().nullable(),
  kind: z.enum(['spike', 'drop']),
  when: z.string(),
  day: z.string(),
  days: z.int(),
  value: z.string(),
  expected: z.string(),
  low: z.string(),
  high: z.string(),
  /** Robust deviations from the expected. */
  score: z.number(),
  incident: z.string().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

const seriesSchema = z.strictObject({
  what: z.string(),
  /** A currency code, "%", "ms", or what is counted. */
  unit: z.string(),
  days: z.array(z.string()),
  values: z.array(z.number().nullable()),
  low: z.array(z.number().nullable()),
  high: z.array(z.number().nullable()),
});

export const unusualSchema = z.strictObject({
  period: z.string(),
  unusual: z.array(findingSchema),
  explained: z.array(findingSchema),
  usual: z.array(z.string()),
  unknown: z.array(z.string()),
  /** Not looked at, for want of time. */
  skipped: z.array(z.string()),
  customersLookedAt: z.int(),
  series: z.array(seriesSchema),
  listed: listedSchema,
  receipt: receiptSchema,
});
export type UnusualAnswer = z.infer<typeof unusualSchema>;

/** What stands out first, then what known incidents explain, then what could not be judged. */
export function narrateUnusual({
  period,
  unusual,
  explained,
  usual,
  unknown,
  skipped,
  customersLookedAt,
}: UnusualAnswer): string {
  const found = unusual.slice(0, MOST_TOLD).map(sentenceOf);
  const left = unusual.length - found.length;
  const more = left > 0 ? [`${left} more ${left === 1 ? 'is' : 'are'} in the table.`] : [];
  const besides = customersLookedAt > 0 ? ` and the calls of the ${customersLookedAt} largest customers` : '';
  const head =
    unusual.length === 0
      ? `Nothing unexplained stands out, ${period}${usual.length > 0 ? `: ${sayList(usual.map(inSentence))}${besides} stayed within what was to be expected` : ''}.`
      : `${unusual.length === 1 ? 'One thing stands' : `${unusual.length} things stand`} out, ${period}. ${asLines([...found, ...more])}`;
  const short =
    unknown.length > 0 ? ` There is not enough history to judge ${sayList(unknown.map(inSentence))}.` : '';
  const missed =
    skipped.length > 0 ? ` There was no time to look at ${sayList(skipped.map(inSentence))}.` : '';
  return [head, ...explainedBy(explained.slice(0, MOST_TOLD)), `${short}${missed}`.trim()]
    .filter(Boolean)
    .join('\n\n');
}

/** One sentence goes on; several stand below each other. */
function asLines(sentences: readonly string[]): string {
  return sentences.length > 1 ? `\n- ${sentences.join('\n- ')}` : sentences.join('');
}

/** What each known incident accounts for, the incident named once. */
function explainedBy(explained: readonly Finding[]): string[] {
  const incidents = new Map<string, Finding[]>();
  for (const one of explained) {
    const incident = one.incident ?? '';
    incidents.set(incident, [...(incidents.get(incident) ?? []), { ...one, incident: null }]);
  }
  return [...incidents].map(
    ([incident, ones]) => `Explained by a known incident, "${incident}": ${asLines(ones.map(sentenceOf))}`,
  );
}

/** "Gross revenue" as it stands within a sentence; "API calls" and "P95 latency" stay. */
function inSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

function sentenceOf({ what, when, days, day, value, low, high, incident }: Finding): string {
  const was = /s(?: of .*)?$/.test(what) && !/ss$/.test(what) ? 'were' : 'was';
  const at = days === 1 ? `${was} ${value} ${when}` : `${was} unusual ${when}, most on ${day}: ${value}`;
  return `${what} ${at}, where ${low} to ${high} was to be expected${incident === null ? '' : ` ("${incident}")`}.`;
}

/** The two furthest series with what was expected of them, and a table of everything. */
export function unusualExhibits({ unusual, explained, series, period }: UnusualAnswer): Exhibit[] {
  const rows = [...unusual, ...explained];
  const charts: Exhibit[] = series.map(({ what, unit, days, values, low, high }) => ({
    kind: 'chart',
    title: what.slice(0, 50),
    type: 'line',
    categories: days,
    series: [{ name: what, values }],
    band: { name: 'expected', low, high },
    valueLabel: unit,
    alt: rows
      .filter((one) => one.what === what)
      .map(sentenceOf)
      .join(' '),
  }));
  if (rows.length === 0) return [];
  return [
    ...charts,
    {
      kind: 'table',
      title: `What stands out, ${period}`,
      columns: [
        { header: 'What', align: 'left' },
        { header: 'When', align: 'left' },
        { header: 'Value', align: 'right' },
        { header: 'Expected', align: 'right' },
        { header: 'Deviations', align: 'right' },
        { header: 'Known incident', align: 'left' },
      ],
      rows: rows.map((one) => [
        one.what,
        one.when.replace(/^on /, ''),
        one.value,
        `${one.low} to ${one.high}`,
        one.score >= 1000 ? 'over 1,000' : one.score.toFixed(1),
        one.incident ?? '–',
      ]),
    },
  ];
}
