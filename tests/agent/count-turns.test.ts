import { describe, expect, it } from 'vitest';
import { countTurns } from '../../src/agent/count-turns.ts';
import type { Answer, TurnEvent, TurnRequest } from '../../src/agent/turn.ts';
import type { Principal } from '../../src/domain/types.ts';
import { silentLogger } from '../../src/lib/logger.ts';

const clock = { now: () => 1_000 };
const answer = (own: Partial<Answer>): TurnEvent => ({
  type: 'answer',
  answer: { text: 'So', exhibits: [], receipts: [], choices: [], referenceId: null, mode: 'rules', ...own },
});

function request(kind: Principal['kind'] = 'user'): TurnRequest {
  return {
    turnId: 'turn_1',
    principal: { kind, teamId: 'T', userId: 'U', name: 'M', email: null, roles: ['founder'], tz: 'UTC' },
    place: { teamId: 'T', channelId: 'C', threadTs: '1', kind: 'dm', internalOnly: true },
    text: 'mrr?',
    signal: new AbortController().signal,
  };
}

async function counted(events: TurnEvent[], kind?: Principal['kind'], fails = false) {
  const kept: unknown[] = [];
  const outcomes = {
    record: async (...row: unknown[]) => {
      if (fails) throw new Error('disk full');
      kept.push(row);
    },
  };
  const turns = countTurns(
    async function* () {
      yield* events;
    },
    { outcomes, clock, logger: silentLogger },
  );
  const seen: TurnEvent[] = [];
  for await (const event of turns(request(kind))) seen.push(event);
  return { kept, seen };
}

const choice = { label: 'MRR', say: 'mrr' };

describe('what came of a question', () => {
  it.each<[string, TurnEvent[], string]>([
    ['an answer from data', [answer({ receipts: ['q_1'] })], 'answered'],
    ['a proposal', [{ type: 'proposal', approvalId: 'apr_1' }, answer({})], 'proposed'],
    ['a choice to make', [answer({ choices: [choice] })], 'asked_back'],
    ['a fault', [answer({ referenceId: 'ref-1', choices: [choice] })], 'failed'],
    ['words alone', [answer({})], 'told'],
  ])('%s is counted, and the turn goes on as it was', async (_name, events, outcome) => {
    const { kept, seen } = await counted(events);
    expect(kept).toEqual([['turn_1', outcome, 1_000]]);
    expect(seen).toEqual(events);
  });

  it('is not counted for what a schedule asks', async () => {
    expect((await counted([answer({ receipts: ['q_1'] })], 'schedule')).kept).toEqual([]);
  });

  it('costs nobody the answer when it cannot be written down', async () => {
    const events = [answer({ receipts: ['q_1'] })];
    expect((await counted(events, 'user', true)).seen).toEqual(events);
  });
});
