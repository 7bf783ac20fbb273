import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/domain/metrics/index.ts';
import { describeInForce, settingOf } from '../../../src/domain/mrr/setting.ts';
import { startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('define_metric');

describe('asking what a number means', () => {
  it.each([
    ['how do you calculate MRR?', { metric: 'mrr' }],
    ['define arr', { metric: 'arr' }],
    ['what do you mean by churn?', { metric: 'churned_customers' }],
    ['how is uptime calculated', { metric: 'uptime' }],
    ['what does ARR mean', { metric: 'arr' }],
    ['whats the formula for net revenue', { metric: 'revenue_net' }],
    ['what do you count as active customers', { metric: 'active_customers' }],
    ['which metrics do you know?', {}],
    ['list metrics', {}],
  ])('"%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThan(0.95);
  });

  it.each([
    "what's our MRR?",
    'mrr',
    'how much did we make',
    'explain the drop',
    'how many calls did Acme make',
  ])('"%s" asks for none', async (message) => {
    expect((await bestReading(tool, message))?.confidence ?? 0).toBeLessThan(0.6);
  });

  it('is answered with words, formula, policy, sources and who answers for it', async () => {
    const { text } = await startAgent().ask('how do you calculate mrr');
    for (const part of ['unit amount x quantity', 'at one instant', 'Supabase', 'finance answers']) {
      expect(text).toContain(part);
    }
  });

  it('says by which rules recurring revenue is counted, and where they are not the default', async () => {
    const usual = (await startAgent().ask('how do you calculate mrr')).text;
    expect(usual).toMatch(/Policy: Stripe: active and past due count, .*\(the default\)\./);
    expect((await startAgent().ask('how do you calculate nrr')).text).toContain('Policy: Stripe');
    expect((await startAgent().ask('how is uptime calculated')).text).not.toContain('Policy: Stripe');
    const other = describeInForce(settingOf('stripe', { pastDueDays: 30, trials: 'include' }));
    expect(other).toMatch(/^Stripe with .*\(differs from the default in trials=include, pastDueDays=30\)$/);
    expect(describeInForce(settingOf('chartmogul'))).toMatch(/^ChartMogul: .*\(differs from the default in /);
  });

  it('is about the number given last, where the message says "that"', async () => {
    const agent = startAgent();
    await agent.ask('refunds last month');
    expect((await agent.ask('what does that mean?')).text).toContain('*Refunds*: Succeeded refunds');
  });

  it('lists every number there is', async () => {
    const answer = await startAgent().ask('which metrics do you know?');
    expect(answer.exhibits[0]).toMatchObject({ kind: 'table', rows: expect.arrayContaining([]) });
    expect(answer.text).toContain(`I know ${METRICS.length} numbers`);
  });

  it('names the nearest where it measures no such thing', async () => {
    const { text } = await startAgent().ask('define zorbliness');
    expect(text).toMatch(/do not measure "zorbliness"|did not understand/);
  });
});
