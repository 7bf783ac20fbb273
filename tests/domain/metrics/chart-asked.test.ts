import { describe, expect, it } from 'vitest';
import type { PreviousCall } from '../../../src/domain/language/utterance.ts';
import { chartAsked, picturedMetric } from '../../../src/domain/metrics/chart-asked.ts';
import type { Json } from '../../../src/domain/types.ts';
import { bestReading, toolNamed } from '../../tools/reading.ts';

const METRIC_TOOL = ['query', 'metric'].join('_');

describe('a picture that is asked for', () => {
  it.each([
    ['chart mrr by month', 'auto', null],
    ['mrr as a graph', 'auto', null],
    ['show me a waterfall of mrr movements', 'waterfall', 'net_new_mrr'],
    ['cohort retention heatmap', 'heatmap', 'cohort_retention'],
    ['heat map please', 'heatmap', 'cohort_retention'],
    ['mrr by month', null, null],
  ] as const)('in "%s" is %s', (text, kind, metric) => {
    expect(chartAsked(text)).toBe(kind);
    expect(picturedMetric(chartAsked(text))).toBe(metric);
  });

  it.each<[string, { [key: string]: Json }]>([
    ['chart mrr by month', { metric: 'mrr', by: 'month', chart: 'auto' }],
    ['chart mrr', { metric: 'mrr', by: 'month', chart: 'auto' }],
    ['mrr by plan as a chart', { metric: 'mrr', by: 'plan', chart: 'auto' }],
    ['show me a waterfall of mrr movements in october', { metric: 'net_new_mrr', chart: 'waterfall' }],
    ['mrr waterfall', { metric: 'mrr', chart: 'waterfall' }],
    ['cohort retention heat map', { metric: 'cohort_retention', chart: 'heatmap' }],
  ])('%s', async (text, input) => {
    const reading = await bestReading(toolNamed(METRIC_TOOL), text);
    expect(reading?.input).toMatchObject(input);
    if (input.by === undefined) expect(reading?.input.by).toBeUndefined();
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each<[string, { [key: string]: Json }, { [key: string]: Json }]>([
    ['as a chart', { metric: 'mrr', by: 'plan' }, { metric: 'mrr', by: 'plan', chart: 'auto' }],
    ['as a chart', { metric: 'mrr' }, { metric: 'mrr', by: 'month', chart: 'auto' }],
    ['as a waterfall', { metric: 'net_new_mrr' }, { metric: 'net_new_mrr', chart: 'waterfall' }],
  ])('"%s" after %j shows that', async (text, input, expected) => {
    const previous: PreviousCall[] = [{ tool: METRIC_TOOL, input, listed: [] }];
    const reading = await bestReading(toolNamed(METRIC_TOOL), text, previous);
    expect(reading?.input).toMatchObject(expected);
  });
});
