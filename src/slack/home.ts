import { queueFor } from '../approvals/queue.ts';
import type { Door } from '../approvals/types.ts';
import type { AlertDesk } from '../domain/alerts/alert.ts';
import { calculateMetric } from '../domain/metrics/calculate.ts';
import type { MetricFacts } from '../domain/metrics/facts.ts';
import { formatValue } from '../domain/metrics/format-value.ts';
import { parsePeriod } from '../domain/periods/parse-period.ts';
import type { Sources } from '../domain/ports.ts';
import type { DataQuality } from '../domain/quality/check.ts';
import type { RunStatus } from '../domain/schedule/run.ts';
import { type Company, type Principal, type Scope, SOURCES } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { HomeData } from './views/home/data.ts';
import { sourceNotes } from './views/home/source-notes.ts';

/** The numbers of App Home, each with the period it is for (null: now). */
const HEADLINES: readonly { metric: string; period: string | null }[] = [
  { metric: 'mrr', period: null },
  { metric: 'active_customers', period: null },
  { metric: 'revenue_net', period: null },
  { metric: 'receivables_overdue', period: null },
  { metric: 'api_calls', period: 'yesterday' },
  { metric: 'error_rate', period: 'yesterday' },
  { metric: 'failed_payments', period: 'yesterday' },
  { metric: 'tickets_open', period: null },
];

/** Gathers what App Home shows its reader: only what their role may see. */
export function createHome(parts: {
  door: Pick<Door, 'waitingFor' | 'getBatch'>;
  alerts: Pick<AlertDesk, 'list'>;
  briefingOf(reader: Principal): Promise<HomeData['briefing']>;
  facts: MetricFacts;
  sources: Sources;
  runs: Pick<RunStatus, 'next'>;
  quality: DataQuality;
  company: Company;
  clock: Clock;
  logger: Logger;
  simulated: boolean;
  mode(): string;
  scopesOf(reader: Principal): readonly Scope[];
  problems(): string[];
  examples(reader: Principal): string[];
}): (reader: Principal) => Promise<HomeData> {
  const { door, facts, sources, company, clock, logger } = parts;

  async function headlines(reader: Principal, nowAt: number): Promise<NonNullable<HomeData['numbers']>> {
    const numbers: NonNullable<HomeData['numbers']> = [];
    for (const { metric, period } of HEADLINES) {
      try {
        const span = period === null ? null : parsePeriod(period, { nowAt, tz: company.tz });
        const request = { period: span, nowAt, company, filter: {}, by: null };
        const result = await calculateMetric(metric, request, facts);
        numbers.push({
          label: result.metric.title,
          value: formatValue(result.metric, result.value, company.currency),
          period: result.metric.kind === 'flow' ? result.period.label : null,
        });
      } catch (error) {
        // A number that cannot be made is left out; the sources below say why.
        logger.info({ err: error, metric, reader: reader.userId }, 'a headline is missing');
      }
    }
    return numbers;
  }

  /** While a source is read for the first time, App Home says so rather than wait for it. */
  async function upToDate(): Promise<void> {
    const reading = (await sources.status()).some(({ firstReading }) => firstReading);
    if (!reading) await sources.refresh(SOURCES);
  }

  return async (reader) => {
    const nowAt = clock.now();
    const mayRead = parts.scopesOf(reader).includes('metrics:read');
    if (mayRead) await upToDate();
    const status = mayRead ? await sources.status() : null;
    const checked = mayRead ? await parts.quality.results(SOURCES) : [];
    const freshness = mayRead ? await sources.freshness(SOURCES) : [];
    return {
      name: reader.name.split(' ')[0] ?? reader.name,
      mode: parts.mode(),
      simulated: parts.simulated,
      numbers: mayRead ? await headlines(reader, nowAt) : null,
      waiting: await queueFor(door, reader),
      alerts: await parts.alerts.list(reader, { list: 'open', limit: 5 }),
      briefing: await parts.briefingOf(reader),
      sources:
        status?.map((source) => ({
          name: source.source,
          state: source.connected
            ? source.lastError
              ? 'last reading failed'
              : 'connected'
            : (source.missing ?? 'not connected'),
          throughAt: source.throughAt,
          stale: freshness.find((entry) => entry.source === source.source)?.stale ?? false,
          notes: sourceNotes(source, checked, company.tz),
        })) ?? null,
      runs: mayRead ? await parts.runs.next() : null,
      problems: mayRead ? parts.problems() : [],
      examples: parts.examples(reader),
      nowAt,
    };
  };
}
