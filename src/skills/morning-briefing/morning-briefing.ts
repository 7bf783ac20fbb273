import { z } from 'zod';
import type { Briefing } from '../../domain/briefing/briefing.ts';
import { composeBriefing } from '../../domain/briefing/compose.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import type { BriefingRecord } from '../../store/briefings.ts';
import { defineSkill, type Skill, type SkillContext } from '../define-skill.ts';
import { deliverEmail, deliverSlack, deliveryWords, updateHome } from './deliver.ts';
import { gather } from './gather.ts';
import type { BriefingParts } from './parts.ts';

export const MORNING_BRIEFING = 'morning-briefing';

/** `key` names the briefing's row, which the schedule has opened; without one it is made by hand. */
const inputSchema = z.strictObject({ key: z.string().min(1).max(200).optional() });

/** See SKILL.md. Its state between steps is the briefing's own row, so every step may run again. */
export function morningBriefing(parts: BriefingParts): Skill {
  const load = async (key: string) => {
    const record = await parts.ledger.get(key);
    if (!record) throw new SystemError('internal', `no briefing ${key}`);
    return record;
  };
  const loadFull = async (key: string): Promise<{ record: BriefingRecord; briefing: Briefing }> => {
    const record = await load(key);
    if (!record.briefing) throw new SystemError('internal', `the briefing ${key} has no content`);
    return { record, briefing: record.briefing };
  };
  const done = (result: { [name: string]: string | number }) => ({ kind: 'done' as const, result });

  return defineSkill({
    name: MORNING_BRIEFING,
    scope: 'metrics:read',
    input: inputSchema,
    steps: [
      {
        name: 'gather',
        title: 'Reading the numbers and what has happened',
        run: async (input, ctx) => {
          const key = keyOf(input, ctx);
          const record = await openFor(parts, key, ctx);
          if (!record.briefing) await parts.ledger.keepContent(key, await makeBriefing(parts, ctx, record));
          return done({ key });
        },
      },
      {
        name: 'compose',
        title: 'Putting it into words',
        run: async (input, ctx) => {
          const key = keyOf(input, ctx);
          const { briefing } = await loadFull(key);
          const worded = await parts.wordSummary(briefing, ctx.signal);
          if (worded) {
            const summary = worded.map((text) => ({ text, queryId: null }));
            await parts.ledger.reword(key, { ...briefing, summary });
          }
          return done({ words: worded ? 'model' : 'rules' });
        },
      },
      {
        name: 'deliver-slack',
        title: 'Posting it',
        run: async (input, ctx) => {
          const key = keyOf(input, ctx);
          const { record, briefing } = await loadFull(key);
          await deliverSlack(parts, record, briefing);
          return done({ state: (await load(key)).states.slack });
        },
      },
      {
        name: 'deliver-email',
        title: 'Mailing it',
        run: async (input, ctx) => {
          const key = keyOf(input, ctx);
          const { record, briefing } = await loadFull(key);
          await deliverEmail(parts, record, briefing, ctx.principal);
          return done({ state: (await load(key)).states.email });
        },
      },
      {
        name: 'update-home',
        title: 'Showing it at App Home',
        run: async (input, ctx) => {
          const key = keyOf(input, ctx);
          await updateHome(parts, await load(key));
          return done({ summary: deliveryWords(await load(key)) });
        },
      },
    ],
    summarize: (results) => String(results['update-home']?.summary ?? 'The briefing was made.'),
  });
}

function keyOf(input: z.output<typeof inputSchema>, ctx: Pick<SkillContext, 'runId'>): string {
  return input.key ?? `briefing:asked:${ctx.runId}`;
}

/** The row of this briefing, opened now when it is made by hand. @throws UserError for somebody else's. */
async function openFor(parts: BriefingParts, key: string, ctx: SkillContext): Promise<BriefingRecord> {
  const { teamId, userId } = ctx.principal;
  const known = await parts.ledger.get(key);
  if (known && (known.teamId !== teamId || known.userId !== userId))
    throw new UserError('not_allowed', "That is somebody else's briefing.");
  if (known) return known;
  const { briefing } = await parts.settings.get({ teamId, userId });
  return parts.ledger.openAsked({
    key,
    teamId,
    userId,
    tz: briefing.tz,
    channels: ['slack'],
    at: ctx.clock.now(),
  });
}

/** The content of one reader's briefing, in the rules' words. */
async function makeBriefing(
  parts: BriefingParts,
  ctx: SkillContext,
  record: BriefingRecord,
): Promise<Briefing> {
  const previous = await parts.ledger.latest(record, record);
  const { day, tz, dueAt, late } = record;
  const gathered = await gather(parts, ctx, {
    reader: ctx.principal,
    slot: { day, tz, dueAt, late },
    at: instantOf(record, ctx.clock.now()),
    bygone: false,
    previous: previous?.briefing ?? null,
  });
  return composeBriefing(gathered);
}

const ON_TIME_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** Numbers are true at the minute they were due, or at the whole minute a late one is made: the same for all readers. */
function instantOf({ dueAt, kind }: BriefingRecord, nowAt: number): number {
  const onTime = kind === 'daily' && nowAt >= dueAt && nowAt - dueAt < ON_TIME_MS;
  return onTime ? dueAt : Math.floor(nowAt / MINUTE_MS) * MINUTE_MS;
}
