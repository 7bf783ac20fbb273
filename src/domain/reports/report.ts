import { z } from 'zod';
import { describeCron } from '../schedule/describe-cron.ts';
import { nextDueAfter } from '../schedule/due.ts';
import type { Json, Place, Principal } from '../types.ts';

/** A look-up as it is made at each run: periods are words ("yesterday"), never instants. */
export const reportCallSchema = z.strictObject({
  tool: z.string(),
  input: z.record(z.string(), z.json()),
  /** What it is called among several: "gross revenue yesterday". */
  words: z.string(),
});

export interface ReportCall {
  tool: string;
  input: { [key: string]: Json };
  words: string;
}

/** Where it stands: its owner's DM, or a channel. */
export interface ReportTarget {
  kind: 'dm' | 'channel';
  channelId: string;
  /** Without the #; null for a DM. */
  channelName: string | null;
}

/** Something a person wishes to see again and again. */
export interface Report {
  id: string;
  teamId: string;
  ownerId: string;
  target: ReportTarget;
  /** What it shows, in the person's words. */
  words: string;
  calls: readonly ReportCall[];
  cron: string;
  timezone: string;
  createdAt: number;
  /** Nothing was due before: when it was made, moved or taken up again. */
  sinceAt: number;
  pausedAt: number | null;
  endedAt: number | null;
  /** Why it could not be posted when it was last due, and since when; its owner has been told. */
  trouble: { why: string; sinceAt: number } | null;
}

/** One person may have this many that are neither ended nor paused. */
export const MOST_REPORTS = 20;

/** What "the numbers" are, where nobody says which. */
export const THE_NUMBERS = ['MRR', 'gross revenue yesterday', 'signups yesterday', 'open tickets'] as const;

/** "Weekdays at 07:00 America/Los_Angeles". */
export function timesOf({ cron, timezone }: Pick<Report, 'cron' | 'timezone'>): string {
  const words = describeCron(cron);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${timezone}`;
}

/** When it comes next, from `nowAt` on; null where it does not. */
export function nextRunAt(report: Report, nowAt: number): number | null {
  if (report.endedAt !== null || report.pausedAt !== null) return null;
  return nextDueAfter(report.cron, report.timezone, Math.max(nowAt, report.sinceAt - 1));
}

/** "next Mon Nov 23, 07:00"; where it is paused, that. */
export function nextWords(report: Report, nowAt: number): string {
  if (report.endedAt !== null) return 'stopped';
  if (report.pausedAt !== null) return 'paused';
  const nextAt = nextRunAt(report, nowAt);
  if (nextAt === null) return 'never comes';
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: report.timezone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(nextAt);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `next ${part('weekday')} ${part('month')} ${part('day')}, ${part('hour')}:${part('minute')}`;
}

/** What to call it in a message to Psi: "the mrr report"; by its id where its words are no name. */
export function nameOf({ id, words }: Pick<Report, 'id' | 'words'>): string {
  const name = words.replace(/^the\s+/i, '');
  return /^[\p{L}\p{N} %-]{2,40}$/u.test(name) ? `the ${name} report` : `the report ${id}`;
}

/** "in your DM", "in #finance". */
export function targetWords({ kind, channelName }: ReportTarget): string {
  return kind === 'dm' ? 'in your DM' : `in #${channelName ?? 'a channel'}`;
}

/** What tools may do with reports. */
export interface ReportDesk {
  /**
   * What a question asks, as look-ups whose periods move along with the day.
   * @throws UserError where it cannot be read, is an order, or names a period that cannot move along.
   */
  read(question: string, asker: Principal): Promise<ReportCall[]>;
  /**
   * Where `where` (`here`, `dm`, `#name`) is, if the asker is there too and everybody there may see what is looked up.
   * @throws UserError `not_found`, `not_allowed` or `wrong_audience`.
   */
  target(where: string, asker: Principal, place: Place, calls: readonly ReportCall[]): Promise<ReportTarget>;
  /** The same request (`askedBy`), or the same report once more, gives what there is. @throws UserError `conflict` above the limit. */
  create(
    report: Pick<Report, 'target' | 'words' | 'calls' | 'cron' | 'timezone'>,
    owner: Principal,
    askedBy: string | null,
  ): Promise<{ report: Report; existed: boolean }>;
  /** Not ended, oldest first: one person's, or those that stand in a channel. */
  list(filter: { teamId: string; ownerId?: string; channelId?: string }): Promise<Report[]>;
  /** Null where it has ended meanwhile. */
  change(
    id: string,
    change: Partial<Pick<Report, 'cron' | 'timezone' | 'pausedAt' | 'endedAt'>>,
  ): Promise<Report | null>;
}
