import { dateAt } from '../periods/calendar.ts';
import { holidaysOn } from '../periods/holidays.ts';
import { momentsOf, varianceOf } from '../statistics/samples.ts';
import type { Money } from '../types.ts';
import { readTicket, type TicketSignal } from './ticket-signals.ts';
import { DAY_MS, percent, whole } from './windows.ts';

/** What is looked at for signs that an account may leave. All of it is known at the instant of the look. */
export interface AccountSigns {
  id: string;
  name: string;
  live: boolean;
  mrr: Money | null;
  /** Calls of each day of `SignsAt.days`. */
  calls: readonly number[];
  /** Server errors and calls of the last 7 complete days and the 28 before, without days of our incidents. */
  errors: { week: Share; before: Share };
  /** Of the last two weeks, oldest first. */
  tickets: readonly { id: string; openedAt: number; text: string }[];
  /** When the owner and anybody else of the account was last seen; null where nobody knows. */
  ownerSeenAt: number | null;
  othersSeenAt: number | null;
}

interface Share {
  calls: number;
  errors: number;
}

/** Shared by all accounts of one look. */
export interface SignsAt {
  nowAt: number;
  tz: string;
  /** Beginnings of complete company days, oldest first; the last is yesterday. */
  days: readonly number[];
  /** Days with an incident of ours, by index. */
  troubled: ReadonlySet<number>;
  /** Holidays, by index. */
  holidays: ReadonlySet<number>;
  incidents: readonly { startedAt: number; endedAt: number | null }[];
}

export const SIGN_KINDS = [
  'leaving',
  'competitor',
  'champion_left',
  'neglected',
  'usage_down',
  'upset',
  'errors_doubled',
] as const;
export type SignKind = (typeof SIGN_KINDS)[number];

/** One sign that an account may leave. `words` go on after its name: "calls fell 34%". */
export interface Sign {
  kind: SignKind;
  words: string;
  sinceAt: number;
  /** The ticket it comes from. */
  ticketId: string | null;
}

export const TICKET_DAYS = 14;
const LEAST_DAILY_CALLS = 1_000;
const DROP = { opensAt: 0.8, closesAt: 0.88, leastDays: 5, weeks: 4, leastWeeks: 2, chance: 3 } as const;
const ERRORS = { times: 2, leastCalls: 1_000, leastErrors: 50, leastRate: 0.005 } as const;
const OWNER_AWAY_DAYS = 60;
/** A complaint this soon after our own trouble is about that. */
const AFTERMATH_MS = 12 * 3_600_000;

/** Which of the days are holidays in the United States or most of Europe. Slow: once a look, never once an account. */
export function holidaysAmong(days: readonly number[], tz: string): ReadonlySet<number> {
  return new Set(days.flatMap((at, index) => (holidaysOn(dateAt(at, tz)).length > 0 ? [index] : [])));
}

/** Every sign of an account, the gravest first. */
export function signsOf(account: AccountSigns, at: SignsAt): Sign[] {
  const found = [
    ...ticketSigns(account, at),
    ...[usageDown(account, at), errorsDoubled(account, at), ownerAway(account, at)].flatMap(
      (sign) => sign ?? [],
    ),
  ];
  return found.sort((a, b) => SIGN_KINDS.indexOf(a.kind) - SIGN_KINDS.indexOf(b.kind));
}

const TICKET_WORDS: Readonly<Record<TicketSignal, string>> = {
  competitor: 'compares providers',
  leaving: 'speaks of leaving',
  neglected: 'says that nobody answers',
  upset: 'is upset',
  champion_left: 'has a new contact',
};

/** One sign a kind, of the newest ticket that has it. */
function ticketSigns({ tickets }: AccountSigns, { nowAt, incidents }: SignsAt): Sign[] {
  const signs = new Map<TicketSignal, Sign>();
  for (const { id, openedAt, text } of tickets) {
    if (openedAt < nowAt - TICKET_DAYS * DAY_MS || openedAt > nowAt) continue;
    const ours = incidents.some(
      ({ startedAt, endedAt }) => openedAt >= startedAt && openedAt <= (endedAt ?? nowAt) + AFTERMATH_MS,
    );
    for (const signal of readTicket(text).signals) {
      if (signal === 'upset' && ours) continue;
      const sinceAt = signs.get(signal)?.sinceAt ?? openedAt;
      signs.set(signal, {
        kind: signal,
        words: `${TICKET_WORDS[signal]} (ticket ${id})`,
        sinceAt,
        ticketId: id,
      });
    }
  }
  return [...signs.values()];
}

/**
 * The last seven complete days over the same weekdays of the four weeks before, holidays and days with an incident
 * left out on either side; `chance` is what a week's sum may swing by, as a share, going by the days within each week.
 * Null where they cannot be compared.
 */
function weekRatio(
  { calls }: Pick<AccountSigns, 'calls'>,
  { days, troubled, holidays }: SignsAt,
): { ratio: number; now: number; usual: number; chance: number } | null {
  const open = (day: number) => day >= 0 && !troubled.has(day) && !holidays.has(day);
  const weeks: number[][] = Array.from({ length: DROP.weeks + 1 }, () => []);
  let [counted, now, usual] = [0, 0, 0];
  for (let day = days.length - 7; day < days.length; day += 1) {
    const before = weeks.map((_, week) => day - 7 * week).filter(open);
    for (const index of before) weeks[(day - index) / 7]?.push(calls[index] ?? 0);
    const past = before.filter((index) => index !== day);
    if (past.length === before.length || past.length < DROP.leastWeeks) continue;
    counted += 1;
    now += calls[day] ?? 0;
    usual += sum(past.map((index) => calls[index] ?? 0)) / past.length;
  }
  if (counted < DROP.leastDays || usual < LEAST_DAILY_CALLS * counted) return null;
  const spreads = weeks.filter((week) => week.length >= DROP.leastDays).map(varianceWithin);
  const chance = Math.sqrt((sum(spreads) / Math.max(1, spreads.length)) * counted) / usual;
  return { ratio: now / usual, now: now / counted, usual: usual / counted, chance };
}

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

function varianceWithin(week: readonly number[]): number {
  return varianceOf(momentsOf(week));
}

function usageDown(account: AccountSigns, at: SignsAt): Sign | null {
  const week = weekRatio(account, at);
  if (!week || week.ratio > DROP.opensAt) return null;
  // Who calls by fits and starts has quiet weeks; only what their own days do not explain is a sign.
  if (1 - week.ratio < DROP.chance * week.chance) return null;
  const words = `API calls fell by ${percent(1 - week.ratio)} in 7 days: ${whole(week.now)} a day, ${whole(week.usual)} on the same weekdays before`;
  return { kind: 'usage_down', words, sinceAt: at.days.at(-7) ?? at.nowAt, ticketId: null };
}

/** Whether calls are back so far that a drop may be called over; null where that cannot be told. */
export function usageRecovered(account: AccountSigns, at: SignsAt): boolean | null {
  const week = weekRatio(account, at);
  return week === null ? null : week.ratio >= DROP.closesAt;
}

function errorsDoubled({ errors: { week, before } }: AccountSigns, at: SignsAt): Sign | null {
  // While an incident of ours stands, its own card tells of the errors.
  if (at.incidents.some(({ startedAt, endedAt }) => startedAt <= at.nowAt && endedAt === null)) return null;
  if (Math.min(week.calls, before.calls) < ERRORS.leastCalls || week.errors < ERRORS.leastErrors) return null;
  const [now, usual] = [week.errors / week.calls, before.errors / before.calls];
  if (now < ERRORS.leastRate || now < ERRORS.times * usual) return null;
  const words = `${percent(now)} of its calls failed on our side in 7 days, ${percent(usual)} in the 28 before`;
  return { kind: 'errors_doubled', words, sinceAt: at.days.at(-7) ?? at.nowAt, ticketId: null };
}

/** The owner stopped coming while others of the account still do. */
function ownerAway({ ownerSeenAt, othersSeenAt }: AccountSigns, { nowAt }: SignsAt): Sign | null {
  if (ownerSeenAt === null || othersSeenAt === null) return null;
  const away = Math.floor((nowAt - ownerSeenAt) / DAY_MS);
  if (away < OWNER_AWAY_DAYS || nowAt - othersSeenAt > 30 * DAY_MS) return null;
  const words = `its account owner has not come for ${away} days while others have`;
  return { kind: 'champion_left', words, sinceAt: ownerSeenAt, ticketId: null };
}
