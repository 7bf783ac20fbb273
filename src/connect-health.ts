import { join } from 'node:path';
import { assess, type Standing, standingAt } from './domain/health/assess.ts';
import type { Band } from './domain/health/bands.ts';
import type { ChurnModel } from './domain/health/churn-model.ts';
import type { HealthDesk } from './domain/health/desk.ts';
import type { AccountFacts, CompanyDays } from './domain/health/facts.ts';
import { FEATURES_VERSION } from './domain/health/registry.ts';
import { toSnapshot } from './domain/health/snapshot.ts';
import { greenButLeft, stakeOf } from './domain/health/stakes.ts';
import { dateAt, dayNameAt, startOfDayAt } from './domain/periods/calendar.ts';
import type { Company } from './domain/types.ts';
import { openHealthFile } from './health-file.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { projectRoot } from './lib/paths.ts';
import { createHealthFacts } from './store/health-facts.ts';
import { createHealthSnapshots } from './store/health-snapshots.ts';
import type { Store } from './store/open-store.ts';

/** Health, fitted together: weights, facts, what was written down, and the nightly writing. */
export interface HealthRoom {
  desk: HealthDesk;
  /** Why the last edit of health.yml was not taken; null when it is in force. */
  problem(): string | null;
  /** Writes down how everybody stands now, and fills in some weeks of history. Doing it twice changes nothing. */
  takeSnapshots(): Promise<{ written: number; filledIn: number }>;
}

/** Days that the longest feature looks back, and a little more for clock changes. */
const WINDOW_DAYS = 92;
const DAY_MS = 86_400_000;
/** For the trend against 90 days ago. */
const TREND_WINDOW_DAYS = 92 + WINDOW_DAYS;
/** History is filled in a week at a time, so many weeks a night, as far back as this. */
const HISTORY_WEEKS = 52;
const WEEKS_A_NIGHT = 8;

export function connectHealth(parts: {
  store: Store;
  clock: Clock;
  company: Company;
  logger: Logger;
  /** Null where none has been trained. */
  model?: ChurnModel | null;
}): HealthRoom {
  const { store, clock, company, logger, model = null } = parts;
  const { tz } = company;
  const facts = createHealthFacts(store, tz);
  const snapshots = createHealthSnapshots(store);
  const file = openHealthFile(join(projectRoot(), 'health.yml'), (problem) =>
    logger.error({ problem }, 'health edit not taken'),
  );
  const settings = () => file.current().value;
  const version = () => `${FEATURES_VERSION}-${file.current().version}`;

  async function everybody(company_: CompanyDays, visit: (account: AccountFacts) => void): Promise<void> {
    for await (const portion of facts.accounts(null, company_)) for (const account of portion) visit(account);
  }

  async function standings(at: number, agoDays = 0): Promise<{ now: Standing[]; before: Standing[] }> {
    const days = await facts.companyDays(at, WINDOW_DAYS + agoDays);
    const bands = snapshots.bandsBefore(dayNameAt(at, tz), version());
    const [now, before]: [Standing[], Standing[]] = [[], []];
    await everybody(days, (account) => {
      const standing = standingAt(account, days, settings(), at, bands.get(account.id) ?? null);
      if (standing) now.push(standing);
      if (agoDays === 0) return;
      const then = standingAt(account, days, settings(), at - agoDays * DAY_MS);
      if (then) before.push(then);
    });
    return { now, before };
  }

  /** Weeks before `at` that nobody wrote down yet, the newest first. */
  function weeksMissing(at: number): number[] {
    const known = new Set(snapshots.days(version()));
    const today = dateAt(at, tz);
    return Array.from({ length: HISTORY_WEEKS }, (_, week) => today.subtract({ days: 7 * (week + 1) }))
      .filter((date) => {
        // A night or two on either side is the same week.
        const near = [-3, -2, -1, 0, 1, 2, 3].map((days) => date.add({ days }).toString());
        return !near.some((day) => known.has(day));
      })
      .slice(0, WEEKS_A_NIGHT)
      .map((date) => startOfDayAt(date, tz));
  }

  async function write(at: number, previous: ReadonlyMap<string, Band>): Promise<number> {
    const days = await facts.companyDays(at, WINDOW_DAYS);
    const of = { day: dayNameAt(at, tz), version: version(), computedAt: clock.now() };
    let written = 0;
    for await (const portion of facts.accounts(null, days)) {
      const stood = portion.flatMap(
        (account) => standingAt(account, days, settings(), at, previous.get(account.id) ?? null) ?? [],
      );
      written += await snapshots.add(stood.map((standing) => toSnapshot(standing, of)));
    }
    return written;
  }

  return {
    problem: file.problem,
    desk: {
      version,
      bands: () => settings().bands,
      standings,
      async assess(customerId, at) {
        const days = await facts.companyDays(at, TREND_WINDOW_DAYS);
        const previous = snapshots.bandsBefore(dayNameAt(at, tz), version()).get(customerId) ?? null;
        for await (const [account] of facts.accounts([customerId], days))
          return account ? assess(account, days, settings(), at, { previous, model }) : null;
        return null;
      },
      history: async (customerId) => snapshots.ofCustomer(customerId, version()),
      stake: async (band, at) => {
        const known = snapshots.bands(version());
        return known.length === 0 ? null : stakeOf(known, await facts.leftAt(at), band, at);
      },
      greenButLeft: async (period) => {
        const known = snapshots.bands(version());
        return known.length === 0 ? [] : greenButLeft(known, await facts.leftAt(clock.now()), period);
      },
    },
    async takeSnapshots() {
      const nowAt = clock.now();
      const written = await write(nowAt, snapshots.bandsBefore(dayNameAt(nowAt, tz), version()));
      let filledIn = 0;
      for (const at of weeksMissing(nowAt)) filledIn += await write(at, new Map());
      return { written, filledIn };
    },
  };
}
