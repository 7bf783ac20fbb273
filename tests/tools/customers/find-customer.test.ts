import { describe, expect, it } from 'vitest';
import { startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('find_customer');

describe('finding a customer', () => {
  it.each([
    ['find the customer called Acme', 'Acme Robotics'],
    ['can you look up Globex please?', 'Globex'],
    ['search for initech.example', 'initech.example'],
  ])('reads "%s"', async (message, query) => {
    expect((await bestReading(tool, message))?.input).toEqual({ query });
  });

  it('leaves questions about invoices to others', async () => {
    expect(await bestReading(tool, 'find the invoices of Acme')).toBeNull();
  });

  it('lists all that match, and says so when none does', async () => {
    const agent = startAgent();
    const result = await agent.runner.run({
      ...(await agent.someone()),
      tool: tool.name,
      input: { query: 'Nimbus' },
    });
    expect(result).toMatchObject({
      ok: true,
      narration: '2 customers match "Nimbus": Nimbus Lab, Nimbus Labs.',
    });
    expect((await agent.ask('search for Initech')).text).toContain('No customer matches "Initech"');
  });
});
