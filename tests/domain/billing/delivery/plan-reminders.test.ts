import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planReminders,
  type ReminderFacts,
  type ReminderStage,
} from '../../../../src/domain/billing/delivery/plan-reminders.ts';

const TZ = 'America/Los_Angeles';
const DAY = 86_400_000;
const dueAt = Date.parse('2026-11-20T15:00:00-08:00');
const facts: ReminderFacts = {
  ...{ status: 'open', remainingMinor: 12_000, dueAt },
  ...{ disputed: false, optedOut: false, suppressed: false, spokenOfAt: [] },
};
const on = (day: string) => Date.parse(`${day}T08:30:00-08:00`);

describe('the ladder of reminders', () => {
  it.each<[string, string, ReminderStage | null]>([
    ['four days before', '2026-11-16', null],
    ['three days before', '2026-11-17', 'before_due'],
    ['the day before, when nothing was sent yet', '2026-11-19', 'before_due'],
    ['on the day', '2026-11-20', 'due'],
    ['three days after', '2026-11-23', 'late_3'],
    ['a week after', '2026-11-27', 'late_7'],
    ['two weeks after', '2026-12-04', 'late_14'],
    ['a week later, when a person has to decide', '2026-12-11', null],
  ])('%s', (_name, day, stage) => {
    expect(planReminders(facts, on(day), TZ).due?.stage ?? null).toBe(stage);
  });

  it.each<[string, Partial<ReminderFacts>, RegExp]>([
    ['it is paid', { status: 'paid', remainingMinor: 0 }, /is paid/],
    ['a credit note covers it', { remainingMinor: 0 }, /cover it/],
    ['it is void', { status: 'void' }, /is void/],
    ['a payment is disputed', { disputed: true }, /disputed/],
    ['they asked for none', { optedOut: true }, /asked not to be reminded/],
    ['mail comes back', { suppressed: true }, /comes back/],
  ])('stops once %s, and says why', (_name, over, words) => {
    for (const day of ['2026-11-17', '2026-11-20', '2026-11-27', '2026-12-04'])
      expect(planReminders({ ...facts, ...over }, on(day), TZ)).toMatchObject({
        due: null,
        next: null,
        stopped: expect.stringMatching(words),
      });
  });

  it('takes no step twice, and skips what was missed', () => {
    expect(planReminders({ ...facts, spokenOfAt: [on('2026-11-20')] }, on('2026-11-21'), TZ)).toMatchObject({
      due: null,
      next: { stage: 'late_3' },
    });
    expect(planReminders(facts, on('2026-11-28'), TZ).due?.stage).toBe('late_7');
  });

  it('over any course of days asks at most once a step, never twice in two days, and never after its stop', () => {
    const days = fc.array(fc.integer({ min: -6, max: 30 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(days, fc.integer({ min: -6, max: 31 }), (visits, stopsOn) => {
        const spokenOfAt: number[] = [];
        const stages: ReminderStage[] = [];
        for (const day of [...visits].sort((a, b) => a - b)) {
          const nowAt = dueAt + day * DAY;
          const paid = day >= stopsOn;
          const now = { ...facts, spokenOfAt: [...spokenOfAt], ...(paid ? { remainingMinor: 0 } : {}) };
          const { due } = planReminders(now, nowAt, TZ);
          if (due === null) continue;
          expect(paid).toBe(false);
          expect(due.at).toBeLessThanOrEqual(nowAt);
          for (const before of spokenOfAt) expect(nowAt - before).toBeGreaterThanOrEqual(2 * DAY);
          spokenOfAt.push(nowAt);
          stages.push(due.stage);
        }
        expect(new Set(stages).size).toBe(stages.length);
      }),
      { numRuns: 200 },
    );
  });
});
