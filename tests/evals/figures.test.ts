import { describe, expect, it } from 'vitest';
import { figuresIn, shows } from '../../evals/figures.ts';
import { wilson } from '../../evals/statistics.ts';

const money = (value: number) => ({ value, unit: 'money', rows: 1 });

describe('figures in an answer', () => {
  it.each([
    ['MRR is $86,214.37', money(86214.37), true],
    ['MRR is $86.2k', money(86214.37), true],
    ['MRR is $86,214.38', money(86214.37), false],
    ['MRR is $87k', money(86214.37), false],
    ['error rate 0.42%', { value: 0.004213, unit: 'ratio', rows: 1 }, true],
    ['error rate 0.43%', { value: 0.004213, unit: 'ratio', rows: 1 }, false],
    ['412 customers', { value: 412, unit: 'count', rows: 412 }, true],
    ['as of Nov 22, 2026, 14:30', money(2026), false],
    ['about $0m', money(86214.37), false],
    ['first answered after 12 h 28 min', { value: 44_892_000, unit: 'ms', rows: 9 }, true],
    ['first answered after 12 h 27 min', { value: 44_892_000, unit: 'ms', rows: 9 }, false],
    ['closed after 2 d 4 h', { value: 187_900_000, unit: 'ms', rows: 9 }, true],
    ['out for 47 min', { value: 47.2, unit: 'minutes', rows: 2 }, true],
    ['answered in 230 ms', { value: 230.3, unit: 'ms', rows: 9 }, true],
    ['Quick ratio is 10.64×', { value: 10.6356, unit: 'times', rows: 9 }, true],
    ['Quick ratio is 10.64x', { value: 10.6356, unit: 'times', rows: 9 }, true],
    ['Quick ratio is 10.65x', { value: 10.6356, unit: 'times', rows: 9 }, false],
    ['412 customers in 9 h', { value: 9, unit: 'count', rows: 9 }, true],
  ])('%s', (text, truth, shown) => {
    expect(figuresIn(text).some((figure) => shows(figure, truth))).toBe(shown);
  });
});

describe('the interval of a pass rate', () => {
  it('is that of Wilson: 8 of 10 lies in 49 to 94 %', () => {
    const { low, high } = wilson(8, 10);
    expect(low).toBeCloseTo(0.4902, 3);
    expect(high).toBeCloseTo(0.9433, 3);
  });
});
