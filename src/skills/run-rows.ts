import { z } from 'zod';
import type { SkillRunState, SkillRunSummary } from '../domain/ports.ts';
import { type Json, type Place, type Principal, ROLES } from '../domain/types.ts';
import { SystemError } from '../lib/errors.ts';
import type { SkillRunRow } from '../store/skill-runs.ts';

const principalSchema = z.object({
  kind: z.enum(['user', 'schedule', 'webhook']),
  teamId: z.string(),
  userId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  roles: z.array(z.enum(ROLES)),
  tz: z.string(),
});

const placeSchema = z.object({
  teamId: z.string(),
  channelId: z.string(),
  threadTs: z.string(),
  kind: z.enum(['dm', 'channel']),
  internalOnly: z.boolean(),
});

const stateSchema = z.enum(['running', 'parked', 'done', 'failed', 'stopped']);

function read<T>(row: SkillRunRow, column: keyof SkillRunRow, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(String(row[column])));
  } catch (cause) {
    throw new SystemError('store_failed', `skill run ${row.id} has an unreadable ${column}`, { cause });
  }
}

export const starterOf = (row: SkillRunRow): Principal => read(row, 'starter', principalSchema);
export const placeOf = (row: SkillRunRow): Place => read(row, 'place', placeSchema);
export const inputOf = (row: SkillRunRow): { [key: string]: Json } =>
  read(row, 'input', z.record(z.string(), z.json()));
export const waitsOf = (row: SkillRunRow): string[] =>
  row.waits === null ? [] : read(row, 'waits', z.array(z.string()));

export function stateOf(row: SkillRunRow): SkillRunState {
  const parsed = stateSchema.safeParse(row.state);
  if (!parsed.success)
    throw new SystemError('store_failed', `skill run ${row.id} is in no known state: ${row.state}`);
  return parsed.data;
}

export function summaryOf(row: SkillRunRow): SkillRunSummary {
  return {
    id: row.id,
    skill: row.skill,
    state: stateOf(row),
    step: row.step,
    starterName: starterOf(row).name,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    summary: row.summary,
  };
}
