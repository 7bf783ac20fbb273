import { describe, expect, it } from 'vitest';
import { housekeeping } from '../../src/schedules/housekeeping.ts';
import { at, house } from './house.ts';

const DAY = 86_400_000;
const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };

function setUp() {
  const here = house('2026-11-22T11:29Z');
  const schedule = housekeeping({ ...here, company, teamId: 'T1' });
  const { sqlite } = here.store;
  const ago = (days: number) => here.clock.now() - days * DAY;
  const inbox = sqlite.prepare('INSERT INTO inbox VALUES (?, ?, ?, ?, 1, ?)');
  const delivery = sqlite.prepare("INSERT INTO deliveries VALUES (?, 'C1', '1.2', 'posted', ?)");
  const turn = sqlite.prepare(
    "INSERT INTO schedule_runs (schedule, subject, due_at, state, attempt, failures, fence) VALUES ('other', ?, ?, ?, 1, 0, 1)",
  );
  const approval = sqlite.prepare(
    `INSERT INTO approvals (id, tool, arguments, plan, plan_hash, subject_key, state, requester, requirement, decisions,
       policy_version, nonce, team_id, channel_id, thread_ts, created_at, expires_at, revision)
     VALUES (?, 't', '{}', '{}', 'h', 's', ?, '{}', '{}', '[]', 'v', 'n', 'T1', 'C1', '1.2', 0, 0, 1)`,
  );
  return { here, schedule, ago, inbox, delivery, turn, approval };
}

const left = (here: ReturnType<typeof house>, table: string, column: string) =>
  here.store.sqlite
    .prepare<[], { name: unknown }>(`SELECT ${column} AS name FROM ${table} ORDER BY 1`)
    .all()
    .map((row) => row.name);

describe('housekeeping', () => {
  it('comes at half past three of the company and forgets what has served its purpose', async () => {
    const { here, schedule, ago, inbox, delivery, turn } = setUp();
    inbox.run('done long ago', 'work', '{}', ago(40), ago(40));
    inbox.run('done lately', 'work', '{}', ago(3), ago(3));
    inbox.run('never done', 'envelope', '{}', ago(40), null);
    delivery.run('answer:old', ago(91));
    delivery.run('answer:new', ago(89));
    for (const days of [200, 100, 95, 5]) turn.run('alice', ago(days), 'done');
    turn.run('bob', ago(300), 'dead');
    turn.run('bob', ago(200), 'skipped');
    const runner = here.process([schedule]);
    await runner.runDue();
    expect(await runner.nextDueAt()).toBe(at('2026-11-22T11:30Z'));
    here.clock.set(at('2026-11-22T11:30Z'));
    await runner.runDue();
    expect(left(here, 'inbox', 'event_key')).toEqual(['done lately', 'never done']);
    expect(left(here, 'deliveries', 'delivery_key')).toEqual(['answer:new']);
    // A dead turn stays to be looked at, and the newest of each subject so that none comes twice.
    expect(left(here, "schedule_runs WHERE schedule = 'other'", "subject || ' ' || state")).toEqual([
      'alice done',
      'bob dead',
      'bob skipped',
    ]);
    expect(here.rows().at(-1)?.summary).toBe('Forgot 1 inbox entry, 3 turns and 1 delivery.');
  });

  it('forgets reports that were stopped long ago and model use of more than a year, and says so', async () => {
    const { here, schedule, ago } = setUp();
    const report = here.store.sqlite.prepare(
      `INSERT INTO reports (id, team_id, owner_id, target, channel_id, words, calls, cron, timezone, created_at, since_at, ended_at)
       VALUES (?, 'T1', 'U1', 'dm', 'D1', 'mrr', '[]', '0 9 * * *', 'UTC', 0, 0, ?)`,
    );
    report.run('stopped long ago', ago(100));
    report.run('stopped lately', ago(10));
    report.run('alive', null);
    const use = here.store.sqlite.prepare(
      `INSERT INTO model_usage VALUES (?, 'T1', 'U1', 'turn', 'm', 'h', 'answered', 1, 0, 1, 0, 1, NULL, 1, ?)`,
    );
    use.run('old', ago(401));
    use.run('new', ago(300));
    const runner = here.process([schedule]);
    await runner.runDue();
    here.clock.set(at('2026-11-22T11:30Z'));
    await runner.runDue();
    expect(left(here, 'reports', 'id')).toEqual(['alive', 'stopped lately']);
    expect(left(here, 'model_usage', 'id')).toEqual(['new']);
    expect(here.rows().at(-1)?.summary).toContain('and 2 rows of stopped reports and old model use');
  });

  it('keeps the deliveries of approvals that are still alive, whatever their age', async () => {
    const { here, schedule, ago, delivery, approval } = setUp();
    for (const state of ['pending', 'applying', 'unknown', 'applied', 'expired']) {
      approval.run(`apr_${state}`, state);
      delivery.run(`card:apr_${state}:thread`, ago(120));
      delivery.run(`remind:apr_${state}`, ago(120));
    }
    const inBatch = here.store.sqlite.prepare('UPDATE approvals SET batch_id = ? WHERE id = ?');
    inBatch.run('bat_live', 'apr_pending');
    inBatch.run('bat_over', 'apr_applied');
    for (const batch of ['bat_live', 'bat_over']) delivery.run(`batch:${batch}:thread`, ago(120));
    const runner = here.process([schedule]);
    await runner.runDue();
    here.clock.set(at('2026-11-22T11:30Z'));
    await runner.runDue();
    const kept = left(here, 'deliveries', 'delivery_key');
    expect(kept.shift()).toBe('batch:bat_live:thread');
    expect(kept).toEqual(
      ['applying', 'pending', 'unknown']
        .flatMap((state) => [`card:apr_${state}:thread`])
        .concat(['applying', 'pending', 'unknown'].map((state) => `remind:apr_${state}`)),
    );
  });
});
