import type { Rule } from '../domain/mrr/presets.ts';
import type { Discount, StartEvent, TimelineEvent } from '../domain/mrr/timeline.ts';
import type { RawDiscount, RawEvent } from './mrr-file.ts';

export interface Timeline {
  events: TimelineEvent[];
  /** The rules that decide this timeline. */
  turnsOn: ReadonlySet<Rule>;
}

type Reading = { events: TimelineEvent[]; rules?: Rule[] } | { unsupported: string };

/** Raw events as the engine reads them, or why it cannot. */
export function readTimeline(raw: readonly RawEvent[], currency: string): Timeline | { unsupported: string } {
  const events: TimelineEvent[] = [];
  const turnsOn = new Set<Rule>();
  for (const [index, event] of raw.entries()) {
    if (event.currency !== undefined && event.currency !== currency) {
      return {
        unsupported: `amounts in ${event.currency} would need exchange rates, which a timeline does not give`,
      };
    }
    const reading = readEvent(event, index);
    if ('unsupported' in reading) return reading;
    events.push(...reading.events);
    for (const rule of reading.rules ?? []) turnsOn.add(rule);
  }
  if (restarts(events)) turnsOn.add('reactivation');
  return { events, turnsOn };
}

function restarts(events: readonly TimelineEvent[]): boolean {
  const customers = events.filter((event) => event.type === 'start').map((event) => event.customer);
  const ended = new Set(events.filter((event) => event.type === 'cancel').map((event) => event.customer));
  return customers.some((customer, index) => customers.indexOf(customer) < index && ended.has(customer));
}

function instant(text: string | null | undefined): number | null {
  return text == null ? null : Date.parse(text);
}

function readEvent(event: RawEvent, index: number): Reading {
  if (event.type === 'bulk_start') return bulkStart(event, index);
  if (event.customer === undefined || event.subscription === undefined) {
    return { unsupported: `a ${event.type} event names no customer or subscription` };
  }
  const of = { at: Date.parse(event.at), customer: event.customer, subscription: event.subscription };
  switch (event.type) {
    case 'start':
      return start(event, of);
    case 'change':
      return {
        events: [
          {
            ...of,
            type: 'change',
            unitAmountMinor: event.unit_amount,
            quantity: event.quantity,
            interval: event.interval,
            intervalCount: event.interval_count,
          },
        ],
      };
    case 'cancel':
      return cancel(event, of);
    case 'discount_add':
      return discountAdd(event, of);
    case 'discount_end':
      return { events: [{ ...of, type: 'discount_end' }], rules: ['discounts'] };
    case 'payment_failed':
    case 'invoice_failed':
      return { events: [{ ...of, type: 'payment_failed' }], rules: ['past_due'] };
    case 'payment_succeeded':
      return { events: [{ ...of, type: 'payment_succeeded' }] };
    case 'pause':
      return {
        events: [{ ...of, type: 'pause', effectiveAt: instant(event.effective_at) ?? of.at }],
        rules: ['pause'],
      };
    case 'resume':
      return { events: [{ ...of, type: 'resume' }], rules: ['pause'] };
    case 'metered_usage':
      return {
        events: [
          {
            ...of,
            type: 'metered_usage',
            amountMinor: event.amount ?? 0,
            recurring: event.recurring === true,
          },
        ],
        rules: ['metered'],
      };
    case 'status':
      return status(event, of);
    case 'refund':
    case 'one_time_charge':
      return { events: [{ ...of, type: 'no_effect' }] };
    default:
      return { unsupported: `the event "${event.type}" is not one this product reads` };
  }
}

type Of = Pick<StartEvent, 'at' | 'customer' | 'subscription'>;

function start(event: RawEvent, of: Of): Reading {
  if (event.unit_amount === undefined || event.interval === undefined) {
    return { unsupported: 'a start event has no unit_amount or interval' };
  }
  const discount = event.discount ? readDiscount(event.discount) : null;
  if (discount && 'unsupported' in discount) return discount;
  const tax = event.tax?.inclusive ? String(event.tax.percent ?? 0) : null;
  const started: StartEvent = {
    ...of,
    type: 'start',
    unitAmountMinor: event.unit_amount,
    quantity: event.quantity ?? 1,
    interval: event.interval,
    intervalCount: event.interval_count ?? 1,
    discount,
    trialEndAt: instant(event.trial_end),
    firstInvoicePaidAt:
      event.first_invoice_paid_at === undefined ? undefined : instant(event.first_invoice_paid_at),
    includedTaxPercent: tax,
  };
  return { events: [started], rules: discount ? ['discounts'] : [] };
}

function bulkStart(event: RawEvent, index: number): Reading {
  const events: TimelineEvent[] = [];
  for (let number = 0; number < (event.count ?? 1); number += 1) {
    const name = `bulk-${index}-${number}`;
    const one = start(event, { at: Date.parse(event.at), customer: name, subscription: name });
    if ('unsupported' in one) return one;
    events.push(...one.events);
  }
  return { events };
}

function readDiscount(raw: RawDiscount): Discount | { unsupported: string } {
  const durations = new Map<string, Discount['duration']>([
    ['once', 'once'],
    ['repeating', 'repeating'],
    ['limited', 'repeating'],
    ['forever', 'forever'],
  ]);
  const named = raw.duration ?? (raw.months == null ? 'forever' : 'repeating');
  const duration = durations.get(named);
  if (!duration) return { unsupported: `the discount duration "${named}" is not one this product has` };
  return {
    percent: raw.percent == null ? null : String(raw.percent),
    amountMinor: raw.amount ?? null,
    duration,
    months: raw.months ?? null,
  };
}

function discountAdd(event: RawEvent, of: Of): Reading {
  const { percent, amount, months, duration } = event;
  const discount = readDiscount(event.discount ?? { percent, amount, months, duration });
  if ('unsupported' in discount) return discount;
  return { events: [{ ...of, type: 'discount_add', discount }], rules: ['discounts'] };
}

function cancel(event: RawEvent, of: Of): Reading {
  const effective = event.effective ?? 'immediate';
  if (effective !== 'immediate' && effective !== 'period_end') {
    return { unsupported: `a cancellation effective "${effective}" is not one this product has` };
  }
  const servicePeriodEndAt = instant(event.service_period_end);
  return { events: [{ ...of, type: 'cancel', effective, servicePeriodEndAt }] };
}

/** A status said outright: paying ones mend, others stop the subscription counting. */
function status(event: RawEvent, of: Of): Reading {
  switch (event.status) {
    case 'active':
      return {
        events: [
          { ...of, type: 'resume' },
          { ...of, type: 'payment_succeeded' },
        ],
      };
    case 'past_due':
      return { events: [{ ...of, type: 'payment_failed' }], rules: ['past_due'] };
    case 'paused':
      return { events: [{ ...of, type: 'pause', effectiveAt: of.at }], rules: ['pause'] };
    case 'canceled':
    case 'cancelled':
    case 'unpaid':
      return { events: [{ ...of, type: 'cancel', effective: 'immediate', servicePeriodEndAt: null }] };
    default:
      return { unsupported: `the status "${event.status ?? ''}" is not one this product reads` };
  }
}
