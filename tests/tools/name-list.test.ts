import { expect, it } from 'vitest';
import { METRIC_NAMES } from '../../src/domain/metrics/index.ts';
import { shortened } from '../../src/tools/name-list.ts';

it.each([
  [['mrr', 'arr'], 'mrr, arr'],
  [['latency_p50', 'latency_p95', 'uptime'], 'latency_{p50,p95}, uptime'],
  [['mrr', 'new_mrr', 'net_new_mrr', 'ltv'], 'mrr, {new,net_new}_mrr, ltv'],
  [[], ''],
])('%j is written %s', (names, written) => {
  expect(shortened(names)).toBe(written);
});

it('names every metric, so that a model can choose any of them', () => {
  const written = shortened(METRIC_NAMES);
  const unfolded = written.split(', ').flatMap((part) => {
    const [, before = '', inner, after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(part) ?? [];
    return inner === undefined ? [part] : inner.split(',').map((one) => `${before}${one}${after}`);
  });
  expect(unfolded).toEqual([...METRIC_NAMES]);
  expect(written.length).toBeLessThan(0.9 * METRIC_NAMES.join(', ').length);
});
