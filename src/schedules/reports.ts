import { remember } from '../agent/memory.ts';
import { noUsage } from '../agent/model-usage.ts';
import { answerReport } from '../agent/report-answer.ts';
import { type AudienceParts, requireAudience } from '../agent/report-audience.ts';
import type { TranscriptPort } from '../agent/runtime.ts';
import type { Answer } from '../agent/turn.ts';
import { nameOf, type Report, targetWords, timesOf } from '../domain/reports/report.ts';
import type { Place, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { ReportBook } from '../store/reports.ts';
import type { ToolRunner } from '../tools/tool-call.ts';
import { defineSchedule, type Schedule, type ScheduleTurn } from './define-schedule.ts';
import { psiItself } from './psi-itself.ts';

/** Where reports are shown. The same key never posts twice. */
export interface ReportSurface {
  openDm(teamId: string, userId: string): Promise<string>;
  post(key: string, message: { teamId: string; channelId: string; answer: Answer }): Promise<{ ts: string }>;
  /** A plain sentence in a person's DM. */
  tell(key: string, person: { teamId: string; userId: string }, text: string): Promise<void>;
}

export interface ReportParts extends AudienceParts {
  book: ReportBook;
  surface(): ReportSurface;
  runner: Pick<ToolRunner, 'run'>;
  transcript: Pick<TranscriptPort, 'put'>;
  company: { tz: string };
  clock: Clock;
  allowedHosts: readonly string[];
}

/** Each report at its own times, with its owner's rights as they are then; the subject of a turn is `team/report`. */
export function reports(parts: ReportParts): Schedule {
  return defineSchedule({
    name: 'reports',
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 2 * 60_000,
    retry: { attempts: 4, firstDelayMs: 30_000 },
    occasions: async () =>
      (await parts.book.list({}))
        .filter(({ pausedAt }) => pausedAt === null)
        .map(({ teamId, id, cron, timezone, sinceAt }) => ({
          subject: `${teamId}/${id}`,
          cron,
          timezone,
          // The minute it was made in is over.
          sinceAt: sinceAt + 1,
        })),
    runAs: async (subject) => {
      const [teamId = '', id = ''] = subject.split('/');
      const report = await parts.book.get(id);
      const owner = report && (await ownerOf(report, parts));
      return owner ?? psiItself(parts.company, teamId);
    },
    run: (turn) => runReport(turn, parts),
  });
}

async function runReport(turn: ScheduleTurn, parts: ReportParts): Promise<{ summary: string }> {
  const { book, clock } = parts;
  const report = await book.get(turn.subject.split('/')[1] ?? '');
  if (!report || report.endedAt !== null || report.pausedAt !== null)
    return { summary: 'It was stopped before it was due.' };
  const owner = await ownerOf(report, parts);
  if (!owner) {
    await book.change(report.id, { endedAt: clock.now() });
    return { summary: `Who asked for "${report.words}" has left, so it was ended.` };
  }
  try {
    await requireAudience(report.target, owner, report.calls, parts);
    await post(report, owner, turn, parts);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await tellOnce(report, owner, error.message, parts);
    return { summary: `"${report.words}" for ${owner.name} was not posted: ${error.message}` };
  }
  if (report.trouble !== null) await book.setTrouble(report.id, null);
  return { summary: `Posted "${report.words}" ${whereFor(report, owner)}.` };
}

async function ownerOf(report: Report, { members }: ReportParts): Promise<Principal | null> {
  return (await members(report.teamId)).find(({ userId }) => userId === report.ownerId) ?? null;
}

/** The answer, and in its thread the memory of it, so that "by plan" asked there is understood. */
async function post(report: Report, owner: Principal, turn: ScheduleTurn, parts: ReportParts): Promise<void> {
  const { teamId, target } = report;
  const surface = parts.surface();
  const channelId = target.kind === 'dm' ? await surface.openDm(teamId, owner.userId) : target.channelId;
  const place: Place = {
    teamId,
    channelId,
    threadTs: turn.key,
    kind: target.kind,
    // Just checked: everybody there may see it.
    internalOnly: true,
  };
  const { answer, calls } = await answerReport(report, owner, place, { ...parts, signal: turn.signal });
  const { ts } = await surface.post(turn.key, { teamId, channelId, answer });
  await parts.transcript.put(
    { teamId, channelId, threadTs: ts },
    {
      turnId: turn.key,
      role: 'assistant',
      userId: null,
      content: remember(answer, calls, {
        offers: [],
        proposals: [],
        refused: [],
        usage: noUsage(),
        promptHash: null,
      }),
      at: parts.clock.now(),
    },
  );
}

/** Once for a reason: a report that fails every morning does not nag every morning. */
async function tellOnce(report: Report, owner: Principal, why: string, parts: ReportParts): Promise<void> {
  const sinceAt = await parts.book.setTrouble(report.id, why);
  const text = `Your report "${report.words}" (${timesOf(report)}, ${targetWords(report.target)}) was not posted: ${why} I try again each time and tell you only if the reason changes. To end it, say "stop ${nameOf(report)}".`;
  await parts.surface().tell(`report:${report.id}:${sinceAt}`, owner, text);
}

function whereFor(report: Report, owner: Principal): string {
  return report.target.kind === 'dm'
    ? `for ${owner.name}`
    : `${targetWords(report.target)} for ${owner.name}`;
}
