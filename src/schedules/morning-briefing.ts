import { mayBeBriefed } from '../domain/people/defaults.ts';
import { dayNameAt } from '../domain/periods/calendar.ts';
import type { SkillRuns } from '../domain/ports.ts';
import type { Company, Place, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError } from '../lib/errors.ts';
import {
  deliverEmail,
  deliverSlack,
  deliveryWords,
  unfinished,
  updateHome,
} from '../skills/morning-briefing/deliver.ts';
import { MORNING_BRIEFING } from '../skills/morning-briefing/morning-briefing.ts';
import type { BriefingParts } from '../skills/morning-briefing/parts.ts';
import type { BriefingRecord } from '../store/briefings.ts';
import { defineSchedule, type Occasion, type Schedule, type ScheduleTurn } from './define-schedule.ts';

interface Parts
  extends Pick<BriefingParts, 'ledger' | 'settings' | 'surface' | 'mail' | 'simulated' | 'logger'> {
  members(): Promise<readonly Principal[]>;
  skills: Pick<SkillRuns, 'start'>;
  company: Company;
  clock: Clock;
}

/** Each reader's briefing at their own time; the subject of a turn is `team/user`. */
export function morningBriefings(parts: Parts): Schedule {
  const readerOf = async (subject: string): Promise<Principal> => {
    const reader = (await parts.members()).find((member) => subjectOf(member) === subject);
    if (!reader || !mayBeBriefed(reader.roles)) throw new SystemError('internal', `no reader ${subject}`);
    // Numbers are the company's, so its days are cut in the company's zone; times are told in the reader's.
    return { ...reader, tz: parts.company.tz };
  };

  return defineSchedule({
    name: 'morning-briefing',
    catchUp: 'latest',
    overlap: 'wait',
    timeoutMs: 120_000,
    retry: { attempts: 5, firstDelayMs: 15_000 },
    occasions: async () => {
      const found: Occasion[] = [];
      const readers = (await parts.members()).filter(({ roles }) => mayBeBriefed(roles));
      await parts.settings.meet(readers);
      for (const member of readers) {
        const { briefing } = await parts.settings.get(member);
        if (!briefing.on || briefing.channels.length === 0) continue;
        const [hour, minute] = briefing.time.split(':').map(Number);
        found.push({
          subject: subjectOf(member),
          cron: `${minute} ${hour} * * *`,
          timezone: briefing.tz,
          sinceAt: await parts.settings.briefingSinceAt(member),
        });
      }
      return found;
    },
    runAs: readerOf,
    run: (turn) => runTurn(parts, turn),
  });
}

async function runTurn(parts: Parts, turn: ScheduleTurn): Promise<{ summary: string }> {
  const { principal: reader, dueAt } = turn;
  const person = { teamId: reader.teamId, userId: reader.userId };
  const { briefing: settings } = await parts.settings.get(person);
  // The instant beside the day: who flies west may meet a day of the same name again.
  const key = `briefing:${reader.teamId}:${reader.userId}:${dayNameAt(dueAt, settings.tz)}:${dueAt}`;
  const { verdict, record } = await parts.ledger.claimSlot({
    ...person,
    key,
    dueAt,
    clock: settings,
    channels: settings.channels,
    at: parts.clock.now(),
  });
  if (!record) {
    const day = dayNameAt(dueAt, settings.tz);
    return {
      summary:
        verdict === 'served'
          ? `${reader.name} was given the briefing of ${day} already.`
          : `The briefing of ${day} for ${reader.name} was missed; the next one is near.`,
    };
  }
  const run = await parts.skills.start({
    skill: MORNING_BRIEFING,
    input: { key },
    principal: reader,
    place: placeOf(reader, record),
    key: turn.key,
    signal: turn.signal,
  });
  return finish(parts, key, reader, run.summary);
}

/** What the run left undone is tried here: a run that has ended is not begun again under its key. */
async function finish(
  parts: Parts,
  key: string,
  reader: Principal,
  runSummary: string | null,
): Promise<{ summary: string }> {
  const left = await parts.ledger.get(key);
  if (!left?.briefing) throw new SystemError('internal', `no content for ${key}: ${runSummary ?? ''}`);
  if (unfinished(left).length > 0) {
    await deliverSlack(parts, left, left.briefing);
    await deliverEmail(parts, left, left.briefing, reader);
    await updateHome(parts, left);
  }
  const now = await parts.ledger.get(key);
  const open = now ? unfinished(now) : [];
  if (!now || open.length > 0)
    throw new SystemError(
      'source_unavailable',
      `the briefing ${key} is still to be delivered by ${open.join(' and ')}`,
    );
  return { summary: `${reader.name}: ${deliveryWords(now)}` };
}

function subjectOf({ teamId, userId }: Pick<Principal, 'teamId' | 'userId'>): string {
  return `${teamId}/${userId}`;
}

/** A briefing stands in its reader's DM, where nobody else reads along. */
function placeOf(reader: Principal, record: BriefingRecord): Place {
  return {
    teamId: reader.teamId,
    channelId: record.slack?.channelId ?? reader.userId,
    threadTs: record.key,
    kind: 'dm',
    internalOnly: true,
  };
}
