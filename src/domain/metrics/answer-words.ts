import { personOf } from '../language/person-names.ts';
import { formatMoney } from '../money/format.ts';
import { dateAt, isDayStart } from '../periods/calendar.ts';
import { describeDays, describeInstant, zoneWords } from '../periods/describe-period.ts';
import type { Company, Period } from '../types.ts';
import type { Calculation } from './calculate.ts';
import { areaOf } from './countries.ts';
import type { Metric } from './metric.ts';
import type { MetricQuestion } from './question.ts';

/** "as of Nov 22, 2026, 14:30 PST", "at the end of Oct 31, 2026", "for Oct 1 - 31, 2026". */
export function whenOf(
  calculation: Pick<Calculation, 'asOfAt' | 'period'> & { metric: Pick<Metric, 'kind'> },
  question: Pick<MetricQuestion, 'tz' | 'nowAt'>,
): string {
  const { metric, asOfAt, period } = calculation;
  if (metric.kind === 'flow') {
    const open = isRunning(period, question.nowAt) && isDayStart(period.endAt, period.tz);
    return `for ${period.label}${open ? ' so far' : ''}`;
  }
  const ended = asOfAt < question.nowAt && asOfAt === period.endAt - 1 && isDayStart(period.endAt, period.tz);
  if (ended) return `at the end of ${lastDayOf(period)}`;
  // The last millisecond before 14:30 is told as 14:30.
  return `as of ${describeInstant(asOfAt === period.endAt - 1 ? period.endAt : asOfAt, question.tz)}`;
}

/** " (Berlin time)" after whole days that are not the company's own: two people must see why their Octobers differ. */
export function whoseDays({ startAt, endAt, tz }: Period, company: Pick<Company, 'tz'>): string {
  const whole = isDayStart(startAt, tz) && isDayStart(endAt, tz);
  return !whole || isDayStart(startAt, company.tz) ? '' : ` (${zoneWords(tz)} time)`;
}

/** "Oct 31, 2026" of October. */
function lastDayOf(period: Period): string {
  const last = dateAt(period.endAt - 1, period.tz);
  return describeDays(last, last);
}

/** Whether now lies inside the period. */
export function isRunning(period: Period, nowAt: number): boolean {
  return period.startAt <= nowAt && nowAt < period.endAt;
}

/** "for Acme Robotics on the scale plan"; empty when nothing narrows the metric. */
export function narrowedTo({
  metric,
  filter,
  customer,
  named = [],
}: Pick<MetricQuestion, 'metric' | 'filter' | 'customer' | 'named'>): string {
  if (!metric.narrows) return '';
  const { any = {}, none = {}, plan, country, currency, customerId: _id, ...traits } = filter;
  const parts: string[] = [];
  if (customer) parts.push(`for ${customer.name}`);
  if (named.length > 0)
    parts.push(
      `for ${listed(
        named.map(({ name }) => name),
        'and',
      )}`,
    );
  if (plan !== undefined) parts.push(`on the ${plan} plan`);
  if (country !== undefined) parts.push(`in ${country}`);
  if (currency !== undefined) parts.push(`billed in ${currency}`);
  for (const [trait, value] of Object.entries(traits))
    if (value !== undefined) parts.push(`(${said(trait, [value])})`);
  for (const [trait, values] of Object.entries(any))
    if (values && trait !== 'customer') parts.push(`(${said(trait, values)})`);
  const left = Object.entries(none).flatMap(([trait, values]) =>
    values && values.length > 0 && trait !== 'customer' ? [said(trait, values)] : [],
  );
  const customers = none.customer?.length ?? 0;
  if (customers > 0) left.push(`${customers} customer${customers === 1 ? '' : 's'}`);
  if (left.length > 0) parts.push(`without ${left.join(' and ')}`);
  return parts.join(' ');
}

/** "country DE or FR", "the EU", "owner Maria Lopez". */
function said(trait: string, values: readonly string[]): string {
  const area = trait === 'country' ? areaOf(values) : null;
  if (area !== null) return area;
  return `${trait} ${listed(trait === 'owner' ? values.map(personOf) : values, 'or')}`;
}

const MOST_LISTED = 6;

function listed(values: readonly string[], last: 'and' | 'or'): string {
  const shown = values.slice(0, MOST_LISTED);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(', ')} ${last} ${more} more`;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} ${last} ${shown.at(-1)}`;
}

/** "up $540.00 (45.0%) from $1,200.00 at the end of Oct 31, 2026". */
export function comparisonSentence(
  difference: number,
  text: string,
  percent: number | null,
  past: string,
  when: string,
): string {
  if (difference === 0) return `the same as ${past} ${when}`;
  const share = percent === null ? '' : ` (${Math.abs(percent).toFixed(1)}%)`;
  return `${difference > 0 ? 'up' : 'down'} ${text}${share} from ${past} ${when}`;
}

/** What the receipt adds: an unfinished period, a conversion, a filter that does not apply. */
export function notesOf(
  question: MetricQuestion,
  present: Calculation,
  nowAt: number,
  company: Company,
): string[] {
  const { metric, customer, filter } = question;
  const notes: string[] = [];
  if (isRunning(present.period, nowAt) && (metric.kind === 'flow' || question.period)) {
    notes.push(`The period is not over: counted up to ${describeInstant(nowAt, question.tz)}.`);
  }
  if (present.originals.length > 0) {
    const amounts = present.originals.map((amount) => formatMoney(amount)).join(' + ');
    const rates = metric.kind === 'flow' ? "each row at its own day's rate" : 'at the rate of that day';
    notes.push(`Converted to ${company.currency} ${rates}: ${amounts}.`);
  }
  if (!metric.narrows && (customer || Object.keys(filter).length > 0)) {
    const whose = metric.sources.length === 0 ? 'counted for Psi as a whole' : "the platform's";
    notes.push(`${metric.title}: ${whose}, not narrowed.`);
  }
  return notes;
}
