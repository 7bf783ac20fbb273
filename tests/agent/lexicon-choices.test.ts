import { describe, expect, it } from 'vitest';
import { generalised } from '../../src/domain/language/lexicon-choice.ts';
import { candidateLexiconCase, describeProposal } from '../../src/lexicon-report.ts';
import { createLexiconChoices } from '../../src/store/lexicon-choices.ts';
import { createMemory } from '../../src/store/memory.ts';
import { ACME, principal, startAgent } from './world.ts';

/** Asks something that is offered in more than one reading, and picks the first by its button. */
async function pick(agent: ReturnType<typeof startAgent>, message: string, as = principal()) {
  const question = await agent.ask(message, { as });
  const [first] = question.choices;
  if (!first) throw new Error(`"${message}" offered nothing: ${question.text}`);
  return agent.ask(first.say, { as });
}

describe('a reading that was picked', () => {
  it('is written down with the words it explains, once a pick, and counted', async () => {
    const agent = startAgent();
    await pick(agent, 'average signups');
    await pick(agent, 'average signups');
    await pick(agent, 'list refunds');
    const proposals = await createLexiconChoices(agent.store).proposals();
    expect(proposals.map(({ phrase, count }) => [phrase, count])).toEqual([
      ['average signups', 2],
      ['list refunds', 1],
    ]);
    expect(proposals[0]).toMatchObject({
      tool: 'query_metric',
      input: { metric: 'signups' },
      by: ['U_founder'],
    });
  });

  it('changes nothing about how the next message is read', async () => {
    const agent = startAgent();
    for (let time = 0; time < 5; time += 1) await pick(agent, 'average signups');
    expect((await agent.ask('average signups')).choices.length).toBeGreaterThan(0);
  });

  it('is written down for a pick by its place too, and not for a plain question', async () => {
    const agent = startAgent();
    await agent.ask('average signups');
    await agent.ask('the first one');
    await agent.ask("how's MRR?");
    expect(await createLexiconChoices(agent.store).proposals()).toHaveLength(1);
  });

  it('names no customer and no period', () => {
    const text = 'zap Acme for October';
    const said = {
      text,
      customers: [{ start: 4, end: 8, text: 'Acme', candidates: [ACME], score: 1 }],
      periods: [{ start: 13, end: 20, period: null, text: 'October' }],
    };
    const picked = { tool: 'some_tool', input: { customer: ACME.id, period: '2026-10', limit: 5 } };
    const lexicon = { known: new Set(['for']), targets: new Set<string>() };
    expect(generalised(said, picked, lexicon)).toEqual({
      phrase: 'zap {customer} for {period}',
      unread: ['zap'],
      tool: 'some_tool',
      input: { customer: '{customer}', period: '{period}', limit: 5 },
    });
  });

  it.each([
    ['whoever picked it', 'U_finance'],
    ['whoever asked', 'U_founder'],
  ])('is forgotten with %s', async (_, userId) => {
    const agent = startAgent();
    const asked = await agent.ask('average signups', { as: principal('founder') });
    await agent.ask(asked.choices[0]?.say ?? '', { as: principal('finance') });
    const choices = createLexiconChoices(agent.store);
    expect(await choices.proposals()).toHaveLength(1);
    await createMemory(agent.store).forgetPerson('T1', userId);
    expect(await choices.proposals()).toEqual([]);
  });

  it('reads as a sentence, and becomes a case that can be pasted', () => {
    const proposal = {
      phrase: 'zap {customer} for {period}',
      unread: ['zap'],
      tool: 'some_tool',
      input: { customer: '{customer}', period: '{period}' },
      count: 2,
      by: ['U1'],
      firstAt: 0,
      lastAt: Date.parse('2026-11-22T00:00:00Z'),
    };
    expect(describeProposal(proposal)).toBe(
      '"zap {customer} for {period}" was taken for some_tool {"customer":"{customer}","period":"{period}"}, 2 times, by U1, last on 2026-11-22; words I do not know: zap',
    );
    expect(candidateLexiconCase(proposal, 1)).toMatchObject({
      id: 'L-001',
      turns: ['zap $healthy for last month'],
      expect: { tools: { any_of: ['some_tool'] }, args: { customer: '$healthy.id' } },
    });
  });
});
