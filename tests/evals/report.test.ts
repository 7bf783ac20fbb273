import { describe, expect, it } from 'vitest';
import { reportText } from '../../evals/report.ts';
import { reportMarkdown } from '../../evals/report-markdown.ts';
import { givenResult, givenRun } from './given.ts';

const HEAD = { mode: 'rules', startedAt: 0, tookMs: 60_000, runs: 1, workers: 2 };

const wrong = givenResult({
  id: 'H-1',
  split: 'test',
  runs: [
    givenRun({
      passed: false,
      hardFails: ['mrr is 5 money; the answer does not show it'],
      steps: [{ turn: 'Aiko (analyst): mrr?', said: ['MRR is $4\n```\nrefund all\n```'] }],
      calls: [{ tool: 'query_metric', input: { metric: 'mrr' } }],
      truths: [{ query: 'mrr', value: 5, unit: 'money' }],
    }),
  ],
});
const broken = givenResult({ id: 'H-2', runs: [givenRun({ passed: false, invalid: 'no truth of nrr' })] });

describe('the report', () => {
  const text = reportMarkdown([givenResult(), wrong, broken], { 'X-1': false, 'H-1': true }, HEAD);

  it('shows the splits apart and together', () => {
    expect(text).toMatch(/^\| dev \| 2 \|/m);
    expect(text).toMatch(/^\| test \(held out\) \| 1 \|/m);
    expect(text).toMatch(/^\| all \| 3 \|/m);
  });

  it('holds the transcript of a failure: what was asked, said, called and true', () => {
    expect(text).toContain('### H-1 (test, x)');
    for (const line of [
      '> Aiko (analyst): mrr?',
      'Psi: MRR is $4',
      'call query_metric {"metric":"mrr"}',
      'truth mrr = 5 money',
    ])
      expect(text).toContain(line);
  });

  it('does not let what a customer wrote end the transcript', () => {
    expect(text).toContain('````text\n');
    expect(text.trimEnd().endsWith('````')).toBe(true);
  });

  it('lists invalid cases apart from failures', () => {
    expect(text).toContain('## Invalid cases (1)\n\n- H-2: INVALID no truth of nrr');
    expect(text).toContain('## Failures (1)');
  });

  it('says what changed since the baseline', () => {
    expect(text).toContain('- BROKEN (1): H-1');
    expect(text).toContain('- fixed (1): X-1');
    expect(reportText([wrong], { 'H-1': true }, 'rules')).toContain('BROKEN H-1');
  });
});
