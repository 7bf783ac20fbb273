import type { PolicySource } from '../approvals/policy-file.ts';
import type { ScheduleRule } from '../domain/policy/schema.ts';
import type { Ports } from '../domain/ports.ts';
import type { Company, Place, Principal } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { defineSchedule, type Schedule, type ScheduleTurn } from './define-schedule.ts';

/** What a schedule that runs a skill is made of. */
export interface SkillTurnParts {
  ports: Pick<Ports, 'skills'>;
  company: Company;
  teamId: string;
  policy: Pick<PolicySource, 'current'>;
  /** The channel of that name, and who can read there. */
  channel(name: string): Promise<Place | null>;
}

/** What the policy says of this schedule; undefined where it says nothing. */
export function ruleOf({ policy }: Pick<SkillTurnParts, 'policy'>, name: string): ScheduleRule | undefined {
  return policy.current().policy.schedules[name];
}

/** The schedule itself as the one who acts, with the roles the policy gives it: none where it says nothing. */
export function actorOf(parts: Omit<SkillTurnParts, 'ports' | 'channel'>, name: string): Principal {
  const { company, teamId } = parts;
  const roles = ruleOf(parts, name)?.roles ?? [];
  const userId = `schedule:${name}`;
  return {
    kind: 'schedule',
    teamId,
    userId,
    name: `the ${name} schedule`,
    email: null,
    roles,
    tz: company.tz,
  };
}

/** One turn is one run, whatever crashes: a turn that is tried again goes on with the run it began. */
export async function runSkillTurn(
  { ports }: Pick<SkillTurnParts, 'ports'>,
  turn: Pick<ScheduleTurn, 'key' | 'principal' | 'signal'>,
  skill: string,
  place: Place,
): Promise<{ summary: string }> {
  const { key, principal, signal } = turn;
  const run = await ports.skills.start({ skill, input: {}, principal, place, key, signal });
  if (run.state === 'failed' || run.state === 'stopped') {
    throw new SystemError('internal', `${skill} did not get to its end: ${run.summary ?? run.id}`);
  }
  return { summary: run.summary ?? `${skill} is ${run.state}.` };
}

/**
 * A schedule that runs a skill, that of its name unless told, in the channel the policy gives it, or in `channel`. On
 * while the policy says so; `cron` is read on the company's clock.
 */
export function skillInChannel(
  parts: SkillTurnParts,
  {
    name,
    cron,
    channel,
    skill = name,
    timeoutMs = 10 * 60_000,
  }: { name: string; cron: string; channel: string; skill?: string; timeoutMs?: number },
): Schedule {
  const { company } = parts;
  return defineSchedule({
    name,
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs,
    retry: { attempts: 3, firstDelayMs: 5 * 60_000 },
    occasions: async () =>
      ruleOf(parts, name)?.on ? [{ subject: 'company', cron, timezone: company.tz, sinceAt: null }] : [],
    runAs: async () => actorOf(parts, name),
    run: async (turn) => {
      const wanted = ruleOf(parts, name)?.channel ?? channel;
      const place = await parts.channel(wanted);
      if (place === null) {
        throw new UserError(
          'not_found',
          `There is no channel #${wanted} that I am in.`,
          'Name another under schedules in policy.yml, or invite me.',
        );
      }
      return runSkillTurn(parts, turn, skill, place);
    },
  });
}
