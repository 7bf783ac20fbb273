import type { ModelGuard } from './agent/model-guard.ts';
import type { ModelSource } from './agent/models.ts';
import { createSummaryWording } from './agent/word-briefing.ts';
import type { PolicySource } from './approvals/policy-file.ts';
import type { Door } from './approvals/types.ts';
import { briefingText } from './domain/briefing/as-text.ts';
import { composeBriefing } from './domain/briefing/compose.ts';
import { mayBeBriefed } from './domain/people/defaults.ts';
import { dayNameAt } from './domain/periods/calendar.ts';
import { rolesFor } from './domain/policy/rights.ts';
import type { MemberMail, Ports } from './domain/ports.ts';
import type { Company, Place, Principal, Scope } from './domain/types.ts';
import type { Clock } from './lib/clock.ts';
import { SystemError, UserError } from './lib/errors.ts';
import type { Logger } from './lib/logger.ts';
import type { Schedule } from './schedules/define-schedule.ts';
import { morningBriefings } from './schedules/morning-briefing.ts';
import type { Skill } from './skills/define-skill.ts';
import { gather } from './skills/morning-briefing/gather.ts';
import { morningBriefing } from './skills/morning-briefing/morning-briefing.ts';
import type { BriefingParts, BriefingSurface } from './skills/morning-briefing/parts.ts';
import { createSharedReadings } from './skills/morning-briefing/shared-readings.ts';
import { type BriefingLedger, createBriefingLedger } from './store/briefings.ts';
import { knownTeams, memberOf } from './store/members.ts';
import type { Store } from './store/open-store.ts';
import { createPeopleSettings, type SettingsStore } from './store/settings.ts';
import { trialsEnding } from './store/trials.ts';
import sendBriefing from './tools/briefing/send-briefing.ts';
import type { ToolRunner } from './tools/tool-call.ts';

/** Everything about briefings, fitted together. */
export interface BriefingRoom {
  settings: SettingsStore;
  ledger: BriefingLedger;
  skill: Skill;
  schedule: Schedule;
  /** Where they are shown, known once Slack is connected. */
  showIn(surface: BriefingSurface): void;
  /** What App Home shows of it; null for those who never have one. */
  homeOf(reader: Principal): Promise<{
    latest: NonNullable<Awaited<ReturnType<BriefingLedger['latest']>>>['briefing'];
    settings: Awaited<ReturnType<SettingsStore['get']>>['briefing'];
    nextAt: number | null;
  } | null>;
  sendNow(reader: Principal, place: Place): Promise<void>;
  /** As it would be for somebody at an instant, in text. @throws UserError that lists who there is. */
  print(asked: { name: string; at: number | null }): Promise<string>;
}

/** Longer ago than this, an instant is bygone: what is open now is not what was open then. */
const NOW_MS = 60 * 60 * 1000;

export function connectBriefing(house: {
  store: Store;
  clock: Clock;
  company: Company;
  logger: Logger;
  policy: PolicySource;
  models: ModelSource;
  modelGuard: ModelGuard;
  mail: MemberMail;
  simulated: boolean;
  scopesOf(principal: Pick<Principal, 'roles'>): readonly Scope[];
  members(teamId: string): Promise<readonly Principal[]>;
  /** Made after this: tools read settings, and briefings call tools. */
  rest(): { ports: Ports; door: Door; runner: ToolRunner };
}): BriefingRoom {
  const { store, clock, company, logger } = house;
  const rolesOf = async (person: { teamId: string; userId: string }) => {
    const member = memberOf(store, person);
    return member ? rolesFor(member, house.policy.current().policy) : [];
  };
  /** Of every workspace Psi is in. */
  const members = async () =>
    (await Promise.all(knownTeams(store).map((teamId) => house.members(teamId)))).flat();
  const settings = createPeopleSettings({ store, clock, companyTz: company.tz, rolesOf });
  const ledger = createBriefingLedger(store);
  let surface: BriefingSurface | null = null;
  const parts: BriefingParts = {
    ledger,
    settings,
    scopesOf: house.scopesOf,
    waitingFor: (reader) => house.rest().door.waitingFor(reader),
    trialsEnding: (between) => trialsEnding(store, between),
    share: createSharedReadings(clock),
    wordSummary: createSummaryWording({ models: house.models, guard: house.modelGuard, logger }),
    surface: () => {
      if (!surface) throw new SystemError('source_unavailable', 'Slack is not connected yet');
      return surface;
    },
    mail: house.mail,
    simulated: house.simulated,
    logger,
  };
  const schedule = morningBriefings({
    ...parts,
    members,
    skills: { start: (run) => house.rest().ports.skills.start(run) },
    company,
    clock,
  });

  return {
    settings,
    ledger,
    skill: morningBriefing(parts),
    schedule,
    showIn: (where) => {
      surface = where;
    },
    async homeOf(reader) {
      if (!mayBeBriefed(reader.roles)) return null;
      const latest = await ledger.latest(reader);
      const { briefing } = await settings.get(reader);
      return {
        latest: latest?.briefing ?? null,
        settings: briefing,
        nextAt: await settings.nextBriefingAt(reader),
      };
    },
    async sendNow(principal, place) {
      const signal = AbortSignal.timeout(60_000);
      const call = { tool: sendBriefing.name, input: {}, principal, place, signal };
      const result = await house.rest().runner.run(call);
      if (!result.ok) throw result.error;
    },
    async print({ name, at: asked }) {
      const reader = { ...(await readerNamed(members, name)), tz: company.tz };
      const nowAt = clock.now();
      const at = asked ?? nowAt;
      if (at > nowAt)
        throw new UserError('invalid_input', 'That instant has not come yet.', 'Leave out --at for now.');
      const { briefing } = await settings.get(reader);
      const previous = await ledger.latest(reader);
      const place = {
        teamId: reader.teamId,
        channelId: 'terminal',
        threadTs: 'terminal',
        kind: 'dm' as const,
        internalOnly: true,
      };
      const { ports, runner } = house.rest();
      const signal = AbortSignal.timeout(60_000);
      const gathered = await gather(
        parts,
        {
          ...ports,
          company,
          signal,
          call: (tool, input) => runner.run({ tool: tool.name, input, principal: reader, place, signal }),
        },
        {
          reader,
          slot: { day: dayNameAt(at, briefing.tz), tz: briefing.tz, dueAt: at, late: false },
          at,
          bygone: nowAt - at > NOW_MS,
          previous: previous?.briefing && previous.briefing.asOfAt < at ? previous.briefing : null,
        },
      );
      return briefingText(composeBriefing(gathered));
    },
  };
}

/** By full name, first name or address, whatever the case. */
async function readerNamed(members: () => Promise<readonly Principal[]>, name: string): Promise<Principal> {
  const readers = (await members()).filter(({ roles }) => mayBeBriefed(roles));
  const wanted = name.trim().toLowerCase();
  const found = readers.filter(
    (member) =>
      member.name.toLowerCase() === wanted ||
      member.email?.toLowerCase() === wanted ||
      member.name.toLowerCase().split(' ')[0] === wanted,
  );
  const [reader, another] = found;
  if (reader && !another) return reader;
  const names = readers.map((member) => member.name).join(', ');
  throw new UserError(
    'not_found',
    another
      ? `"${name}" could be ${found.map((one) => one.name).join(' or ')}.`
      : `There is no reader called "${name.slice(0, 60)}".`,
    `There is ${names || 'nobody'}.`,
  );
}
