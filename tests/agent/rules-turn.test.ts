import { describe, expect, it } from 'vitest';
import { DM, principal, SHARED, startAgent } from './world.ts';

describe('a turn in rules mode', () => {
  it('finds a customer, says how it understood the question and keeps a receipt', async () => {
    const agent = startAgent();
    const answer = await agent.ask('<@U0PSI> can you find Acme?');
    expect(answer.text).toContain('Acme Robotics');
    expect(answer.text).toContain('Understood as: Customers matching "Acme Robotics"');
    expect(answer.mode).toBe('rules');
    expect(answer.receipts).toHaveLength(1);
  });

  it('tells each step while it works and gives the text before the answer', async () => {
    const events = await startAgent().events('find Globex');
    const order = events.map((event) => (event.type === 'step' ? event.status : event.type));
    expect([...new Set(order)]).toEqual(['in_progress', 'complete', 'text', 'answer']);
  });

  it('tells nothing where outsiders read along', async () => {
    const answer = await startAgent().ask('find Acme', { place: SHARED });
    expect(answer.text).toContain('Ask me in a DM');
    expect(answer.text).not.toContain('Acme Robotics');
  });

  it('refuses by role without looking anything up', async () => {
    const agent = startAgent();
    const answer = await agent.ask('find Acme', { as: principal('viewer'), place: DM });
    expect(answer.text).toContain('does not include customer records');
    expect(answer.receipts).toEqual([]);
  });
});
