const WATERFALL = /\b(waterfall|mrr bridge|bridge chart)\b/i;
const HEATMAP = /\b(heat ?maps?)\b/i;
const TABLE =
  /\b(?:as|in|into|to|a|the)\s+(?:\w+\s+)?table\b|\btable (?:of|with|for)\b|\btabular\b|^\W*table\b/i;
const CHART = /\b(chart|graph|plot|trend(?:ing)?|over time)\b/i;

export type ChartAsked = 'auto' | 'waterfall' | 'heatmap' | 'table';

/** Which kind of picture a sentence asks for, or a table instead of one; null where for none. */
export function chartAsked(text: string): ChartAsked | null {
  if (WATERFALL.test(text)) return 'waterfall';
  if (HEATMAP.test(text)) return 'heatmap';
  if (TABLE.test(text)) return 'table';
  return CHART.test(text) ? 'auto' : null;
}

const PICTURED: Readonly<Partial<Record<ChartAsked, string>>> = {
  waterfall: 'net_new_mrr',
  heatmap: 'cohort_retention',
};

/** The metric a picture shows where the sentence names none: "show me a waterfall". */
export function picturedMetric(asked: ChartAsked | null): string | null {
  return (asked && PICTURED[asked]) ?? null;
}
