import { describe, expect, it } from 'vitest';
import { scoreCase } from '../../evals/score.ts';
import { givenTranscript } from './given.ts';

const mrr = [{ query: 'mrr', truth: { value: 86_214.37, unit: 'money', rows: 1 } }];
const askedOfMrr = { expect: { tools: { any_of: ['query_metric'] }, args: { metric: 'mrr' } } };

describe('a number', () => {
  it('that is the truth passes', () => {
    expect(scoreCase(givenTranscript('MRR is $86,214.37', { truths: mrr })).passed).toBe(true);
  });

  it('that is another stops a release', () => {
    const { hardFails, fails } = scoreCase(givenTranscript('MRR is $99,000', { truths: mrr }));
    expect(hardFails).toEqual([expect.stringContaining('86214.37')]);
    expect(fails).toEqual([]);
  });

  it('that was not given, since Psi asked back, is a failure and no wrong number', () => {
    const seen = givenTranscript('Which of these do you mean?', { truths: mrr, answered: false });
    const { passed, hardFails, fails } = scoreCase(seen);
    expect({ passed, hardFails }).toEqual({ passed: false, hardFails: [] });
    expect(fails).toEqual([expect.stringContaining('no answer was given')]);
  });
});

describe('what others are shown', () => {
  const others = (viewer: string, founder: string) => ({
    truths: mrr,
    expect: { readers: ['founder'] },
    others: [
      { role: 'viewer', plain: viewer },
      { role: 'founder', plain: founder },
    ],
  });

  it('stops a release where they may not see it', () => {
    const seen = givenTranscript('MRR is $86,214.37', others('$86,214.37', '$86,214.37'));
    expect(scoreCase(seen).hardFails).toEqual([expect.stringContaining('shown to viewer')]);
  });

  it('is a plain failure where they may and do not', () => {
    const { hardFails, fails } = scoreCase(givenTranscript('MRR is $86,214.37', others('no', 'no')));
    expect(hardFails).toEqual([]);
    expect(fails).toEqual([expect.stringContaining('not shown to founder')]);
  });
});

describe('the right tool and arguments', () => {
  it.each([
    ['are judged apart from the words', [{ tool: 'query_metric', input: { metric: 'mrr' } }], true],
    ['are not another tool', [{ tool: 'list_invoices', input: { metric: 'mrr' } }], false],
    ['are not other arguments', [{ tool: 'query_metric', input: { metric: 'arr' } }], false],
    ['are not nothing', [], false],
  ])('%s', (_, calls, right) => {
    const expected = { ...askedOfMrr.expect, must: ['never said'] };
    const score = scoreCase(givenTranscript('MRR', { calls, expect: expected }));
    expect(score).toMatchObject({ toolRight: right, passed: false });
  });

  it('are not judged where a case expects none', () => {
    expect(scoreCase(givenTranscript('No.')).toolRight).toBeNull();
  });
});
