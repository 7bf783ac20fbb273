import { describe, expect, it } from 'vitest';
import { startAgent } from '../world.ts';

describe('asking for a number', () => {
  it.each([
    ["how's MRR?", 'MRR'],
    ['whats our mrr rn', 'MRR'],
    ['revenue last month vs the month before', 'Revenue'],
    ['how many open tickets are there', 'Open tickets'],
    ['api calls yesterday', 'API calls'],
  ])('"%s" is answered with a receipt', async (message, words) => {
    const answer = await startAgent().ask(message);
    expect(answer.text).toMatch(new RegExp(words, 'i'));
    expect(answer.receipts).toHaveLength(1);
  });

  it('goes on with the month before, then by plan', async () => {
    const agent = startAgent();
    await agent.ask('revenue last month');
    const before = await agent.ask('and the month before');
    expect(before.text).toContain('Sep 1 - 30, 2026');
    expect((await agent.ask('by plan')).text).toMatch(/by plan/);
  });

  it('is open to a viewer', async () => {
    const agent = startAgent();
    const { principal } = await agent.someone('viewer');
    expect((await agent.ask("how's MRR?", { as: principal })).receipts).toHaveLength(1);
  });
});
