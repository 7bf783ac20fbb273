import { z } from 'zod';
import { type Json, SOURCES, type SourceName } from '../../domain/types.ts';
import { defineSkill, type SkillContext } from '../define-skill.ts';

const TITLES: Record<SourceName, string> = { stripe: 'Stripe', supabase: 'Supabase', psizero: 'PsiZero' };

const sweptSchema = z.object({
  healed: z.int(),
  compared: z.int(),
  swept: z.array(z.string()),
  failed: z.array(z.string()),
});
const checkedSchema = z.object({ ok: z.int(), bad: z.array(z.string()), unknown: z.int() });
const verifiedSchema = z.object({
  state: z.enum(['whole', 'broken', 'unknown']),
  rows: z.int(),
  at: z.int(),
});

/** See SKILL.md. Every step only reads outside, and writes what it finds into the store as it is there. */
export default defineSkill({
  name: 'daily-sync',
  scope: 'metrics:read',
  input: z.strictObject({}),
  steps: [
    {
      name: 'sweep',
      title: 'Reading every source completely',
      timeoutMs: 10 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await sweep(ctx) }),
    },
    {
      name: 'check',
      title: 'Checking the data',
      run: async (_, ctx) => ({ kind: 'done', result: await check(ctx) }),
    },
    {
      name: 'verify',
      title: 'Walking the audit log',
      run: async (_, ctx) => ({ kind: 'done', result: await verify(ctx) }),
    },
  ],
  summarize(done) {
    const parts = [
      sweptWords(sweptSchema.parse(done.sweep)),
      checkedWords(checkedSchema.parse(done.check)),
      verifiedWords(verifiedSchema.parse(done.verify)),
    ];
    return `${parts.join('; ')}.`;
  },
});

type Result = { [key: string]: Json };

async function sweep(ctx: SkillContext): Promise<Result> {
  const connected = (await ctx.sources.status())
    .filter((source) => source.connected)
    .map((one) => one.source);
  if (ctx.sources.sweep !== undefined) {
    const reports = await ctx.sources.sweep(connected);
    const tables = reports.flatMap((report) => report.tables);
    return {
      healed: tables.reduce((sum, table) => sum + table.missing + table.stale + table.surplus, 0),
      compared: tables.reduce((sum, table) => sum + table.compared, 0),
      swept: reports.filter((report) => report.error === null).map((report) => TITLES[report.source]),
      failed: reports.filter((report) => report.error !== null).map((report) => TITLES[report.source]),
    };
  }
  await ctx.sources.refresh(connected);
  const freshness = await ctx.sources.freshness(connected);
  return {
    healed: 0,
    compared: 0,
    swept: freshness.filter((one) => !one.stale).map((one) => TITLES[one.source]),
    failed: freshness.filter((one) => one.stale).map((one) => TITLES[one.source]),
  };
}

async function check(ctx: SkillContext): Promise<Result> {
  const results = await ctx.quality.results(SOURCES);
  return {
    ok: results.filter((result) => result.state === 'ok').length,
    bad: results
      .filter((result) => result.state === 'fail' || result.state === 'warn')
      .map((result) => result.words),
    unknown: results.filter((result) => result.state === 'unknown').length,
  };
}

async function verify(ctx: SkillContext): Promise<Result> {
  const chain = await ctx.approvals.verifyAudit?.();
  if (chain === undefined) return { state: 'unknown', rows: 0, at: 0 };
  return { state: chain.ok ? 'whole' : 'broken', rows: chain.rows, at: chain.brokenAt ?? 0 };
}

function sweptWords({ healed, compared, swept, failed }: z.output<typeof sweptSchema>): string {
  if (swept.length === 0 && failed.length === 0) return 'No source is connected';
  const found =
    healed === 0
      ? 'nothing was missing'
      : `${counted(healed, 'record')} had been missed and ${healed === 1 ? 'is' : 'are'} right now`;
  const read =
    swept.length === 0
      ? 'No source could be read completely'
      : compared === 0
        ? `${list(swept)} read completely, ${found}`
        : `${counted(compared, 'record')} compared with ${list(swept)}, ${found}`;
  return failed.length === 0 ? read : `${read}; ${list(failed)} could not be read and may be behind`;
}

function checkedWords({ ok, bad, unknown }: z.output<typeof checkedSchema>): string {
  const total = ok + bad.length + unknown;
  if (total === 0) return 'the data checks have no results yet';
  const doubt = unknown === 0 ? '' : `, ${unknown} could not be made`;
  if (bad.length === 0)
    return `${ok === total ? 'all ' : `${ok} of `}${counted(total, 'data check')} passed${doubt}`;
  const shown = bad.slice(0, 3).map((words) => words.replace(/\.$/, ''));
  const more = bad.length > shown.length ? ` and ${bad.length - shown.length} more` : '';
  return `${counted(bad.length, 'data check')} need${bad.length === 1 ? 's' : ''} a look (${shown.join('; ')}${more})${doubt}`;
}

function verifiedWords({ state, rows, at }: z.output<typeof verifiedSchema>): string {
  if (state === 'whole')
    return `the audit log is intact (${rows.toLocaleString('en-US')} ${rows === 1 ? 'entry' : 'entries'})`;
  if (state === 'broken') return `the audit log was changed at row ${at}: tell a founder`;
  return 'the audit log could not be checked';
}

const counted = (n: number, noun: string): string =>
  `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;

function list(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}
