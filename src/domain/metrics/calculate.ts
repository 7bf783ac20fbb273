import { UserError } from '../../lib/errors.ts';
import { addMoney } from '../money/arithmetic.ts';
import { describeSetting, type MrrSetting } from '../mrr/setting.ts';
import { dateAt, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Company, Money, Period } from '../types.ts';
import type { FactFilter, MetricFacts } from './facts.ts';
import { findMetric, METRIC_NAMES } from './index.ts';
import type { Contribution, Dimension, Measured, Metric, MetricScope } from './metric.ts';

export interface MetricRequest {
  /** Null is now for a snapshot, the company's month so far for a flow. */
  period: Period | null;
  nowAt: number;
  company: Company;
  filter: FactFilter;
  by: Dimension | null;
  /** Of the dimension, only these groups; all unless told. */
  only?: ReadonlySet<string | null>;
  /** Other rules for recurring revenue than the company's. */
  mrr?: MrrSetting;
}

export interface MetricGroup {
  /** The customer's id, the plan's name, the country's code; null where the row has none. */
  key: string | null;
  label: string;
  value: number | null;
  originals: Money[];
}

export interface Calculation {
  metric: Metric;
  /** Company minor units, a count, a ratio or milliseconds by the metric's unit; null where there is none. */
  value: number | null;
  /** The amounts before conversion, one a currency, where anything was converted. */
  originals: Money[];
  /** Largest first; null when no breakdown was asked for. */
  groups: MetricGroup[] | null;
  period: Period;
  /** The instant of a snapshot; of a flow, up to when its period has happened. */
  asOfAt: number;
  rows: number;
  /** Whose rules decided it and which knobs differ, where rules decide. */
  policy: string | null;
  notes: string[];
}

/** The company's month up to and with now. */
export function monthSoFar(company: Company, nowAt: number): Period {
  const start = startOfUnit(dateAt(nowAt, company.tz), 'month');
  return makePeriod(startOfDayAt(start, company.tz), nowAt + 1, company.tz);
}

/** When a metric is taken. Throws `invalid_input` for a period that has not begun. */
export function scopeOf(metric: Metric, request: MetricRequest): MetricScope {
  const { nowAt, company, by } = request;
  const period = request.period ?? monthSoFar(company, nowAt);
  if (period.startAt > nowAt) {
    throw new UserError(
      'invalid_input',
      `${period.label} has not begun, so there is no ${metric.title} for it yet.`,
      'Ask about a period that has begun.',
    );
  }
  const at = metric.kind === 'snapshot' && request.period ? Math.min(period.endAt - 1, nowAt) : nowAt;
  const filter = metric.narrows ? request.filter : {};
  return { at, period, nowAt, company, by, filter, ...(request.mrr ? { mrr: request.mrr } : {}) };
}

/**
 * One metric by name, from facts alone. Throws `invalid_input` for a name, dimension or period that does not fit,
 * `not_ready` where an exchange rate is missing. `look` is shown the rows the value is made of.
 */
export async function calculateMetric(
  name: string,
  request: MetricRequest,
  facts: MetricFacts,
  look?: (contributions: readonly Contribution[]) => void,
): Promise<Calculation> {
  const metric = findMetric(name);
  if (!metric) {
    throw new UserError('invalid_input', `I do not measure "${name}".`, `I know ${METRIC_NAMES.join(', ')}.`);
  }
  requireDimension(metric, request.by);
  const scope = scopeOf(metric, request);
  const measured = onlyGroups(await metric.measure(facts, scope), request);
  look?.(measured.contributions);
  return {
    metric,
    value: metric.total(measured.contributions),
    originals: originalsOf(measured.contributions, scope.company.currency),
    groups: request.by === null ? null : groupsOf(metric, measured.contributions, request.by, scope.company),
    period: scope.period,
    asOfAt: metric.kind === 'snapshot' ? scope.at : Math.min(scope.period.endAt, scope.nowAt),
    rows: measured.rows,
    policy: metric.underMrrPolicy
      ? describeSetting(scope.mrr ?? facts.settings().mrr)
      : (metric.policy ?? null),
    notes: measured.notes,
  };
}

function onlyGroups(measured: Measured, { by, only }: MetricRequest): Measured {
  if (!only || by === null) return measured;
  const contributions = measured.contributions.filter((row) => only.has(keyOf(row, by) || null));
  return { ...measured, contributions };
}

function requireDimension(metric: Metric, by: Dimension | null): void {
  if (by === null || metric.dimensions.includes(by)) return;
  const known = metric.dimensions.join(', ');
  throw new UserError(
    'invalid_input',
    `${metric.title} cannot be broken down by ${by}.`,
    known ? `It can be by ${known}.` : 'It is one number for the whole platform.',
  );
}

/** Sums of the unconverted amounts, the company's own currency first; empty when nothing was converted. */
function originalsOf(contributions: readonly Contribution[], currency: string): Money[] {
  const byCurrency = new Map<string, Money[]>();
  for (const { original } of contributions) {
    if (!original) continue;
    const known = byCurrency.get(original.currency);
    if (known) known.push(original);
    else byCurrency.set(original.currency, [original]);
  }
  if (![...byCurrency.keys()].some((code) => code !== currency)) return [];
  const rank = (code: string) => (code === currency ? '' : code);
  return [...byCurrency]
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([code, amounts]) => addMoney(code, amounts));
}

function keyOf(row: Contribution, by: Dimension): string | null {
  return by === 'customer' ? row.customerId : row[by];
}

/** Ages and cohorts keep their own order; everything else goes by size. */
function placeOf(by: Dimension, key: string | null): number {
  if (by === 'cohort') return Number((key ?? '').replace('-', ''));
  return by === 'age' ? Number(/\d+/.exec(key ?? '')?.[0] ?? 0) : 0;
}

function groupsOf(
  metric: Metric,
  contributions: readonly Contribution[],
  by: Dimension,
  company: Company,
): MetricGroup[] {
  const groups = new Map<string | null, Contribution[]>();
  for (const row of contributions) {
    const key = keyOf(row, by) || null;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups]
    .map(([key, rows]) => ({
      key,
      label: (by === 'customer' ? rows[0]?.customerName : null) ?? key ?? `no ${by}`,
      value: metric.total(rows),
      originals: originalsOf(rows, company.currency),
    }))
    .sort(
      (a, b) =>
        placeOf(by, a.key) - placeOf(by, b.key) ||
        (b.value ?? -1) - (a.value ?? -1) ||
        (a.label < b.label ? -1 : 1),
    );
}
