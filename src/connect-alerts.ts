import { setTimeout as sleep } from 'node:timers/promises';
import { pendingApprovals } from './approvals/pending.ts';
import type { PolicySource } from './approvals/policy-file.ts';
import { createRiskWatch, type RiskSources } from './connect-risks.ts';
import { withoutTwice } from './domain/alerts/account-risk.ts';
import type { AlertDesk, AlertRaiser } from './domain/alerts/alert.ts';
import { approvalsExpiring, expiringFromAt } from './domain/alerts/approval-expiring.ts';
import { errorsSpiked, HEALTH_WITHIN_MS } from './domain/alerts/error-spike.ts';
import type { Finding } from './domain/alerts/finding.ts';
import { PAYMENTS_WITHIN_MS, paymentsFailed } from './domain/alerts/payment-failed.ts';
import { qualityFailed, sourcesBehind } from './domain/alerts/sources-behind.ts';
import { usageDropped } from './domain/alerts/usage-drop.ts';
import { dayNameAt } from './domain/periods/calendar.ts';
import type { Sources } from './domain/ports.ts';
import type { DataQuality } from './domain/quality/check.ts';
import type { Company, SourceName } from './domain/types.ts';
import { SOURCES } from './domain/types.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import type { PendingWork } from './lib/pending-work.ts';
import { type AlertCards, createAlertCardStore } from './store/alert-cards.ts';
import { createAlertDesk } from './store/alert-desk.ts';
import { createAlertFacts } from './store/alert-facts.ts';
import { type AlertBook, createAlertBook } from './store/alerts.ts';
import type { Store } from './store/open-store.ts';

/** The watch over everything that may need a look, without the surfaces that tell people. */
export interface Alerts {
  desk: AlertDesk;
  raiser: AlertRaiser;
  book: AlertBook;
  cards: AlertCards;
  /** Looks at everything now. The first look is the beginning: until then nothing that comes in is looked at. */
  look(): Promise<void>;
  /** Facts have come in: looks soon, many at once being one look. */
  noticed(): void;
  /** When `look` is next worth its while. */
  nextLookAt(): number;
  /** The next instant an alert begins or is heard again by the clock alone; null when none is known. */
  nextInstantAt(): number | null;
  /** Runs what is due by the clock alone. */
  atInstant(): Promise<void>;
  /** Called after alerts have changed. */
  onChange(listener: () => void): void;
}

type Detector = (nowAt: number) => Promise<Finding[]>;

const LOOK_EVERY_MS = 60_000;
/** What comes in within this much real time is one look. */
const GATHER_MS = 250;
const USAGE_EVERY_MS = 3_600_000;

export function createAlerts(parts: {
  store: Store;
  clock: Clock;
  company: Company;
  policy: PolicySource;
  sources: Pick<Sources, 'status' | 'freshness' | 'refresh'>;
  quality: DataQuality;
  risks: RiskSources;
  pending: PendingWork;
  logger: Logger;
}): Alerts {
  const { store, clock, company, policy, sources, quality, pending, logger } = parts;
  const { tz } = company;
  const book = createAlertBook(store);
  const cards = createAlertCardStore(store);
  const facts = createAlertFacts(store, tz);
  const riskWatch = createRiskWatch({ store, book, facts, tz, sources: parts.risks });
  const listeners: (() => void)[] = [];
  const staleSince = new Map<SourceName, number>();
  let connected: SourceName[] | null = null;
  let lookedAt: number | null = null;
  let usage: { at: number; day: string } | null = null;
  let instantAt = 0;
  let running: Promise<void> = Promise.resolve();
  let waiting = false;

  const changed = () => {
    for (const listener of listeners) listener();
  };

  /** Facts half read would look like facts that are missing. */
  async function areRead(names: readonly SourceName[]): Promise<boolean> {
    // What is connected is settled at start; asking for it counts every row there is.
    connected ??= (await sources.status()).filter((one) => one.connected).map(({ source }) => source);
    const wanted = names.filter((name) => connected?.includes(name));
    const read = await sources.freshness(wanted);
    return wanted.length > 0 && read.every((one) => one.throughAt !== null);
  }

  async function payments(nowAt: number): Promise<Finding[]> {
    if (!(await areRead(['stripe', 'psizero']))) return [];
    const open = book.openSubjects('payment_failed', 'customer');
    return paymentsFailed(await facts.paymentFailures(nowAt - PAYMENTS_WITHIN_MS, open), { nowAt, tz });
  }

  async function health(nowAt: number): Promise<Finding[]> {
    if (!(await areRead(['psizero']))) return [];
    return errorsSpiked(await facts.health(nowAt - HEALTH_WITHIN_MS), { nowAt, tz });
  }

  /** Yesterday counts only once all of it is in. */
  async function yesterdayIsIn(nowAt: number): Promise<boolean> {
    const [freshness] = await sources.freshness(['psizero']);
    const through = freshness?.throughAt ?? null;
    return through !== null && dayNameAt(through, tz) === dayNameAt(nowAt, tz);
  }

  async function drops(nowAt: number): Promise<Finding[]> {
    const day = dayNameAt(nowAt, tz);
    if (usage?.day === day && nowAt - usage.at < USAGE_EVERY_MS) return [];
    if (!(await yesterdayIsIn(nowAt)) || !(await areRead(['stripe']))) return [];
    const findings = usageDropped(await facts.usage(nowAt), tz);
    usage = { at: nowAt, day };
    return findings;
  }

  async function risks(nowAt: number): Promise<Finding[]> {
    const read = (await areRead(['stripe', 'supabase'])) && (await yesterdayIsIn(nowAt));
    return read ? riskWatch(nowAt) : [];
  }

  async function behind(nowAt: number): Promise<Finding[]> {
    const freshness = await sources.freshness(SOURCES);
    const known = book.openSubjects('source_stale', 'source').length > 0 || staleSince.size > 0;
    if (!known && !freshness.some(({ source, stale }) => stale && connected?.includes(source))) return [];
    const status = await sources.status();
    const states = status.map((one) => {
      const stale = freshness.find(({ source }) => source === one.source)?.stale ?? false;
      if (!stale) staleSince.delete(one.source);
      else if (!staleSince.has(one.source)) staleSince.set(one.source, nowAt);
      return { status: one, stale, staleSinceAt: staleSince.get(one.source) ?? null };
    });
    return sourcesBehind(states, { nowAt, tz });
  }

  const approvals = async (nowAt: number): Promise<Finding[]> =>
    approvalsExpiring(pendingApprovals(store), book.openSubjects('approval_expiring', 'approval'), {
      nowAt,
      tz,
    });
  const checks = async (): Promise<Finding[]> => qualityFailed(await quality.results(SOURCES));

  async function record(findings: readonly Finding[]): Promise<void> {
    const steps = await book.record(findings, clock.now());
    if (steps.length > 0) changed();
  }

  /** One detector that fails must not silence the others. */
  async function lookOnce(detectors: readonly Detector[]): Promise<void> {
    const nowAt = clock.now();
    const findings: Finding[] = [];
    for (const detect of detectors) {
      try {
        findings.push(...(await detect(nowAt)));
      } catch (error) {
        logger.error({ err: error, detector: detect.name }, 'a detector failed');
      }
    }
    const atRisk = new Set(book.openSubjects('account_risk', 'customer'));
    await book.record(withoutTwice(findings, atRisk), clock.now());
    // Told of every look, so that what could not be posted before is tried again.
    changed();
  }

  /** What a webhook may have brought, and everything. */
  const quick: readonly Detector[] = [payments, health];
  const all: readonly Detector[] = [...quick, drops, risks, behind, checks, approvals];

  function run(detectors: readonly Detector[]): Promise<void> {
    running = running
      .then(() => pending.track(() => lookOnce(detectors)))
      .catch((error: unknown) => logger.error({ err: error }, 'alerts could not be looked at'));
    return running;
  }

  function look(): Promise<void> {
    lookedAt = clock.now();
    return run(all);
  }

  /** Before the first look nobody can say that nothing needs one. */
  async function begun(): Promise<void> {
    if (lookedAt !== null) return running;
    await sources.refresh(SOURCES);
    return look();
  }

  return {
    book,
    cards,
    desk: createAlertDesk({
      book,
      cards,
      clock,
      rules: () => policy.current().policy.alerts,
      changed,
      begun,
    }),
    raiser: {
      raise: async ({ facts: lines = [], amount = null, ...said }) => {
        const nowAt = clock.now();
        const count = book.openCount(said.kind, said.subject) + 1;
        await record([{ verdict: 'raise', ...said, facts: lines, amount, count, lastSeenAt: nowAt }]);
      },
      clear: (over) => record([{ verdict: 'clear', ...over }]),
    },
    look,
    noticed() {
      if (lookedAt === null || waiting) return;
      waiting = true;
      void pending.track(async () => {
        await sleep(GATHER_MS);
        waiting = false;
        await run(quick);
      });
    },
    nextLookAt: () => (lookedAt === null ? clock.now() : lookedAt + LOOK_EVERY_MS),
    nextInstantAt() {
      const expiring = pendingApprovals(store).map(expiringFromAt);
      const instants = [...expiring, book.nextSnoozeEndAt(instantAt) ?? 0].filter((at) => at > instantAt);
      return instants.length === 0 ? null : Math.min(...instants);
    },
    async atInstant() {
      instantAt = clock.now();
      await record(await approvals(instantAt));
      changed();
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
