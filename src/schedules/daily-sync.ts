import { defineSchedule, type Schedule } from './define-schedule.ts';
import { actorOf, ruleOf, runSkillTurn, type SkillTurnParts } from './skill-turn.ts';

const NAME = 'daily-sync';

/** At 04:30 in the company's zone, before anybody reads a briefing. */
export function dailySync(parts: SkillTurnParts): Schedule {
  const { company, teamId } = parts;
  return defineSchedule({
    name: NAME,
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 20 * 60_000,
    retry: { attempts: 3, firstDelayMs: 5 * 60_000 },
    occasions: async () =>
      ruleOf(parts, NAME)?.on
        ? [{ subject: 'company', cron: '30 4 * * *', timezone: company.tz, sinceAt: null }]
        : [],
    runAs: async () => actorOf(parts, NAME),
    // It stands in no conversation: what it came to is in `/psi runs`.
    run: (turn) =>
      runSkillTurn(parts, turn, NAME, {
        teamId,
        channelId: NAME,
        threadTs: turn.key,
        kind: 'dm',
        internalOnly: true,
      }),
  });
}
