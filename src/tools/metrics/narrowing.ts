import type { TraitLists } from '../../domain/metrics/facts.ts';
import type { HavingCondition } from '../../domain/metrics/having.ts';
import { findMetric, METRIC_NAMES } from '../../domain/metrics/index.ts';
import type { Metric } from '../../domain/metrics/metric.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import type { PeriodOptions } from '../../domain/periods/find-periods.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';

interface Having {
  metric?: string | undefined;
  op: HavingCondition['op'];
  value: number;
  as?: HavingCondition['as'] | undefined;
  period?: string | undefined;
}

/** A condition in the metric's own unit. Throws `invalid_input` for a metric or period that does not exist. */
export function conditionOf(
  { metric: name, op, value, as = 'value', period }: Having,
  main: Metric,
  options: PeriodOptions,
  { company }: Pick<ToolContext, 'company'>,
): HavingCondition {
  const metric = name === undefined ? main : findMetric(name);
  if (!metric) {
    throw new UserError('invalid_input', `I do not measure "${name}".`, `I know ${METRIC_NAMES.join(', ')}.`);
  }
  // Ratios differ in points: a percent of a percent says little.
  const change = metric.unit === 'ratio' && as === 'change_percent' ? 'change' : as;
  const factor =
    change === 'change_percent'
      ? 1
      : metric.unit === 'money'
        ? 10 ** exponentOf(company.currency)
        : metric.unit === 'ratio'
          ? 0.01
          : 1;
  return {
    metric,
    op,
    value: value * factor,
    as: change,
    period: period === undefined ? null : parsePeriod(period, options),
  };
}

type Lists = { readonly [trait in keyof TraitLists]?: readonly string[] | undefined };

export interface Narrowing {
  any: TraitLists | null;
  none: TraitLists | null;
  /** Customers that were named to be set side by side. */
  named: Customer[];
  remarks: string[];
}

/** Names become ids; the company's own accounts are those with its domain. Throws as the linker does. */
export async function listsOf(
  {
    where,
    exclude,
  }: { where?: Lists | undefined; exclude?: (Lists & { internal?: boolean | undefined }) | undefined },
  ctx: Pick<ToolContext, 'customers' | 'principal' | 'company'>,
): Promise<Narrowing> {
  const named = await Promise.all(
    (where?.customer ?? []).map((reference) => ctx.customers.resolve(reference)),
  );
  const left = await Promise.all(
    (exclude?.customer ?? []).map((reference) => ctx.customers.resolve(reference)),
  );
  const { internal, ...lists } = exclude ?? {};
  const own = internal ? await internalCustomers(ctx) : [];
  const remarks =
    internal && own.length === 0
      ? [`No customer is one of ${ctx.company.name}'s own accounts, so nothing was left out.`]
      : [];
  const ids = [...left, ...own].map(({ id }) => id);
  return {
    any: compact({ ...where, ...(named.length > 0 ? { customer: named.map(({ id }) => id) } : {}) }),
    none: compact({ ...lists, customer: ids.length > 0 ? ids : undefined }),
    named,
    remarks,
  };
}

function compact(lists: Lists): TraitLists | null {
  const kept = Object.fromEntries(Object.entries(lists).filter(([, values]) => values !== undefined));
  return Object.keys(kept).length > 0 ? kept : null;
}

const MOST_OWN = 50;

/** Customers with the company's own domain, or one it has named. */
async function internalCustomers(
  ctx: Pick<ToolContext, 'customers' | 'principal' | 'company'>,
): Promise<Customer[]> {
  const mail = ctx.principal.email?.split('@')[1];
  const domains = [...(mail ? [mail] : []), ...(ctx.company.internalDomains ?? [])].map((one) =>
    one.toLowerCase(),
  );
  const found = await Promise.all(domains.map((domain) => ctx.customers.search(domain, MOST_OWN)));
  const own = found
    .flat()
    .map(({ customer }) => customer)
    .filter(({ domain }) =>
      domains.some((one) => domain.toLowerCase() === one || domain.toLowerCase().endsWith(`.${one}`)),
    );
  return [...new Map(own.map((customer) => [customer.id, customer])).values()];
}
