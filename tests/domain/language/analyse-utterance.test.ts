import { describe, expect, it } from 'vitest';
import { plainMessage } from '../../../src/domain/language/analyse-utterance.ts';
import { editDistance } from '../../../src/domain/language/edit-distance.ts';
import { extractFigures } from '../../../src/domain/language/figures.ts';
import { buildLexicon, mend } from '../../../src/domain/language/lexicon.ts';
import { heard } from '../../tools/reading.ts';

describe('a message', () => {
  it('loses Slack’s marks and nothing else', () => {
    expect(plainMessage('<@U0PSI> what about <https://acme.example|acme.example> &amp; <#C1|sales>?')).toBe(
      'what about acme.example & #sales?',
    );
  });

  it.each([
    ['refund $50', { minor: 5_000, currency: 'USD' }],
    ['refund 50 EUR', { minor: 5_000, currency: 'EUR' }],
    ['refund ¥2,000', { minor: 2_000, currency: 'JPY' }],
    ['a budget of $1.2k', { minor: 120_000, currency: 'USD' }],
    ['12.50 dollars', { minor: 1_250, currency: 'USD' }],
  ])('has its amounts read: %s', async (text, amount) => {
    expect((await heard(text)).amounts).toEqual([amount]);
  });

  it('with a number and no currency has no amount, and none finer than the currency', async () => {
    expect((await heard('the last 30 days')).amounts).toEqual([]);
    expect((await heard('refund $1.005')).amounts).toEqual([]);
  });

  it.each([
    ['the second one', 2],
    ['#3', 3],
    ['the last one', -1],
    ['1st', 1],
    ['number 4', 4],
    ['last month', null],
  ])('points at a row: %s', async (text, ordinal) => {
    expect((await heard(text)).ordinal).toBe(ordinal);
  });

  it.each([
    ['mrr by plan', 'plan'],
    ['revenue per country', 'country'],
    ['revenue by countries', 'country'],
    ['mrr by the end of the year', null],
  ])('says what to break down by: %s', async (text, by) => {
    expect((await heard(text)).by).toBe(by);
  });

  it.each([
    ['top 5 customers', 5],
    ['the three largest', null],
    ['top three customers', 3],
    ['last 7 days', null],
  ])('says how many: %s', async (text, top) => {
    expect((await heard(text)).top).toBe(top);
  });

  it('is compared or negated where it says so', async () => {
    expect(await heard('mrr vs last month')).toMatchObject({ comparison: true, negated: false });
    expect(await heard("don't refund Acme")).toMatchObject({ comparison: false, negated: true });
  });

  it('has its slips mended and its names left alone', async () => {
    const utterance = await heard('shwo teh opne tikets of Globex');
    expect(utterance.words).toEqual(expect.arrayContaining(['show', 'open', 'tickets']));
    expect(utterance.customers[0]?.candidates[0]?.name).toBe('Globex');
    expect(utterance.words).not.toContain('globex');
  });
});

describe('mending', () => {
  const lexicon = buildLexicon(['list overdue invoices', 'find Acme', 'refund a payment']);

  it.each([
    ['invocies', 'invoices'],
    ['overdeu', 'overdue'],
    ['last', 'last'],
    ['acme', 'acme'],
    ['zebra', 'zebra'],
    ['q3', 'q3'],
  ])('%s -> %s', (word, meant) => {
    expect(mend(word, lexicon)).toBe(meant);
  });

  it('counts a swap of neighbours as one slip', () => {
    expect(editDistance('teh', 'the', 3)).toBe(1);
    expect(editDistance('invoice', 'invoices', 3)).toBe(1);
    expect(editDistance('abc', 'xyz', 3)).toBe(3);
  });
});

describe('figures in a sentence', () => {
  it.each([
    ['$1,234.50', 'money', 1234.5],
    ['1.2 million euros', 'money', 1_200_000],
    ['3.1%', 'percent', 3.1],
    ['12 customers', 'number', 12],
    ['twelve thousand', 'number', 12_000],
    ['-5', 'number', -5],
  ])('%s', (text, kind, value) => {
    expect(extractFigures(text)).toMatchObject([{ kind, value }]);
  });

  it.each([
    ['Oct 3, 2026', '2026-10-03'],
    ['3 October 2026', '2026-10-03'],
    ['2026-10-03', '2026-10-03'],
    ['Nov 5', '--11-05'],
    ['October 2026', '2026-10'],
    ['2:30 pm', '14:30'],
  ])('%s is a date', (text, key) => {
    expect(extractFigures(text)).toMatchObject([{ kind: 'date', key }]);
  });
});
