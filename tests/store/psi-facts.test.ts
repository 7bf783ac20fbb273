import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calculateMetric } from '../../src/domain/metrics/calculate.ts';
import { MINUTES_SAVED } from '../../src/domain/metrics/psi.ts';
import type { TurnOutcome } from '../../src/domain/metrics/psi-facts.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { recordFeedback } from '../../src/store/feedback.ts';
import { createMemory } from '../../src/store/memory.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createTurnOutcomes } from '../../src/store/turn-outcomes.ts';

const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
const nowAt = Date.parse('2026-11-22T22:30:00Z');
const MINUTE = 60_000;

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => store.close());

async function value(name: string, period: [number, number] = [nowAt - 60 * MINUTE, nowAt]) {
  const asked = { startAt: period[0], endAt: period[1], tz: 'UTC', label: 'asked' };
  const request = { period: asked, nowAt, company, filter: {}, by: null };
  return (await calculateMetric(name, request, createMetricFacts(store))).value;
}

const turns = async (...outcomes: TurnOutcome[]) => {
  for (const [index, outcome] of outcomes.entries()) {
    await createTurnOutcomes(store).record(`turn_${index}`, outcome, nowAt - 10 * MINUTE);
  }
};

async function approvals(...rows: { state: string; created: number; decided: number | null }[]) {
  const values = rows.map(({ state, created, decided }, index) => ({
    ...{
      id: `apr_${index}`,
      tool: 'refund_payment',
      arguments: '{}',
      plan: '{}',
      plan_hash: '',
      subject_key: '',
    },
    ...{ state, requester: '{}', requirement: '{}', decisions: '[]', policy_version: '', nonce: '' },
    ...{ team_id: 'T', channel_id: 'C', thread_ts: '1', expires_at: nowAt, revision: 1 },
    created_at: nowAt - created * MINUTE,
    decided_at: decided === null ? null : nowAt - decided * MINUTE,
    settled_at: decided === null ? null : nowAt - decided * MINUTE,
  }));
  await store.db.insertInto('approvals').values(values).execute();
}

describe('what Psi counts of itself', () => {
  it('is nothing yet, and no rate of nothing', async () => {
    for (const metric of ['questions_answered', 'proposals_made', 'approvals_given', 'minutes_saved'])
      expect(await value(metric), metric).toBe(0);
    for (const metric of ['automation_rate', 'approval_rate', 'approval_time'])
      expect(await value(metric), metric).toBeNull();
  });

  it('is a question answered from data or with a proposal; what it asked back or failed at lowers the rate', async () => {
    await turns('answered', 'answered', 'answered', 'proposed', 'asked_back', 'failed', 'told', 'told');
    expect(await value('questions_answered')).toBe(4);
    expect(await value('automation_rate')).toBeCloseTo(4 / 6, 12);
    expect(await value('questions_answered', [nowAt - 5 * MINUTE, nowAt])).toBe(0);
  });

  it('is a turn once, however often it runs', async () => {
    await turns('failed');
    await turns('answered');
    expect(await value('questions_answered')).toBe(1);
    expect(await value('automation_rate')).toBe(1);
  });

  it('takes an answer that somebody found unhelpful out of the rate, until they change their mind', async () => {
    await turns('answered', 'answered');
    await store.db
      .insertInto('deliveries')
      .values({ delivery_key: 'turn:turn_0', channel_id: 'C', message_ts: '7', state: 'sent', at: nowAt })
      .execute();
    const opinion = { teamId: 'T', channelId: 'C', messageTs: '7', userId: 'U', role: 'viewer' };
    await recordFeedback(store, { ...opinion, rating: 'negative' }, nowAt);
    expect(await value('automation_rate')).toBe(0.5);
    expect(await value('minutes_saved')).toBe(MINUTES_SAVED.answer);
    await recordFeedback(store, { ...opinion, rating: 'positive' }, nowAt);
    expect(await value('automation_rate')).toBe(1);
  });

  it('stays when a conversation is forgotten: a number holds nobody’s words', async () => {
    await turns('answered');
    const content = JSON.stringify({ text: 'secret' });
    const thread = { team_id: 'T', channel_id: 'C', thread_ts: '1', turn_id: 'turn_0' };
    await store.db
      .insertInto('transcript')
      .values({ ...thread, id: 'turn_0:user', role: 'user', user_id: 'U', content, at: nowAt })
      .execute();
    expect(await createMemory(store).forgetPerson('T', 'U')).toEqual({ turns: 1 });
    expect(await value('questions_answered')).toBe(1);
  });

  it('begins with the conversations that were remembered before anything was counted', async () => {
    const content = (own: object) =>
      JSON.stringify({ text: '', calls: [], offers: [], proposals: [], ...own });
    const side = (turn: string, role: string, said: string) => ({
      ...{ id: `${turn}:${role}`, team_id: 'T', channel_id: 'C', thread_ts: '1', turn_id: turn },
      ...{ role, user_id: null, content: said, at: nowAt - MINUTE },
    });
    const answers = {
      number: content({ calls: [{ tool: 'any' }] }),
      card: content({ proposals: ['apr_1'] }),
      choice: content({ offers: [{}] }),
      hello: content({}),
      forgotten: '{}',
    };
    const rows = Object.entries(answers).flatMap(([turn, said]) => [
      side(turn, 'user', '{"text":"?"}'),
      side(turn, 'assistant', said),
    ]);
    const briefing = side('briefing', 'assistant', content({ calls: [{ tool: 'any' }] }));
    await store.db
      .insertInto('transcript')
      .values([...rows, briefing])
      .execute();
    const migration = readFileSync(join(projectRoot(), 'src/store/migrations/0015_operations.sql'), 'utf8');
    store.sqlite.exec(migration.slice(migration.indexOf('INSERT INTO turn_outcomes')));
    const kept = await store.db
      .selectFrom('turn_outcomes')
      .select(['turn_id', 'outcome'])
      .orderBy('turn_id')
      .execute();
    expect(kept.map((row) => `${row.turn_id} ${row.outcome}`)).toEqual([
      'card proposed',
      'choice asked_back',
      'hello told',
      'number answered',
    ]);
  });

  it('is a proposal once, by when it was made, decided and carried out', async () => {
    await approvals(
      { state: 'applied', created: 50, decided: 40 },
      { state: 'failed', created: 50, decided: 48 },
      { state: 'rejected', created: 30, decided: 24 },
      { state: 'expired', created: 30, decided: null },
      { state: 'pending', created: 5, decided: null },
      { state: 'superseded', created: 5, decided: null },
      { state: 'undone', created: 900, decided: 20 },
    );
    expect(await value('proposals_made')).toBe(5);
    expect(await value('approvals_given')).toBe(3);
    expect(await value('approval_rate')).toBe(3 / 4);
    // 10, 2, 6 and 880 minutes: the median is that of the raw times.
    expect(await value('approval_time')).toBe(8 * MINUTE);
    expect(await value('minutes_saved')).toBe(2 * MINUTES_SAVED.action);
  });
});
