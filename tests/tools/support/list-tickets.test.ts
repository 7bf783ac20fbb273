import { describe, expect, it } from 'vitest';
import { GLOBEX, startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('list_tickets');

describe('listing tickets', () => {
  it.each([
    ['show open support tickets', { state: 'open' }],
    ['any tickets from Globex?', { customer: GLOBEX.id }],
    ['what are customers complaining about?', { state: 'open' }],
  ])('reads "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it('knows whom "them" means after a number of the same thread, and never shows everybody’s for it', async () => {
    const agent = startAgent();
    await agent.ask('tell me about Globex');
    await agent.ask('revenue last month');
    const answer = await agent.ask('any tickets from them?');
    expect(answer.text).toContain('of Globex');
  });

  it('tells how many wait, and repeats nothing of what outsiders wrote', async () => {
    const answer = await startAgent().ask('show open support tickets');
    expect(answer.text).toContain(
      '1 open ticket. Of them 1 of high or urgent priority and 1 without a first answer.',
    );
    expect(JSON.stringify(answer)).not.toContain('attacker');
  });

  it('marks what it read as coming from outside', async () => {
    const agent = startAgent();
    const result = await agent.runner.run({ ...(await agent.someone()), tool: 'list_tickets', input: {} });
    expect(result).toMatchObject({ ok: true, untrusted: true });
  });
});
