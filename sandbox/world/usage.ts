import { DAY, dayNumber, dayStart, dayText, HOUR } from './calendar.ts';
import { addUp, type DayShape, shapeOfDay } from './day-shape.ts';
import { spread } from './latency.ts';
import { hashText, mix } from './random.ts';
import type {
  CollectionName,
  Collections,
  CustomerRecord,
  PerformanceRow,
  UsagePiece,
  UsageRow,
} from './records.ts';
import type { SimulatedWorld, UsageAdjustment } from './simulated-world.ts';
import { CATEGORIES, dailyCalls, type UsageProfile, usageProfile } from './usage-profile.ts';

interface Account {
  customer: CustomerRecord;
  profile: UsageProfile;
  createdDay: number;
  hash: number;
  /** When its last subscription ended; Infinity while one lives. */
  endAt: number;
}

/** One customer's day in one category, before it is cut at an hour. */
interface Flow {
  account: Account;
  category: number;
  calls: number;
  factor4xx: number;
  factor5xx: number;
  /** Hours of the day that have been served and are over. */
  hours: number;
  extras: { at: number; calls: number }[];
}

/**
 * Usage is never stored: every row is computed from (seed, customer, day, category) when asked for, and the platform's
 * hours are the sums of the same flows, so that the two always agree.
 */
export class UsageBook {
  private readonly world: SimulatedWorld;
  private readonly accounts = new Map<string, Account>();
  private readonly extras = new Map<string, { at: number; calls: number }[]>();
  private readonly drops = new Map<string, { fromDay: number; toDay: number; percent: number }[]>();
  private readonly shapes = new Map<number, DayShape>();
  private readonly pastHours = new Map<number, PerformanceRow[]>();

  constructor(world: SimulatedWorld) {
    this.world = world;
  }

  /** Forgets what a changed record makes untrue. */
  noticed<C extends CollectionName>(collection: C, record: Collections[C]): void {
    if (collection === 'incidents') {
      this.shapes.clear();
      this.pastHours.clear();
    }
    if (collection === 'subscriptions' && 'customerId' in record) this.accounts.delete(record.customerId);
    if (collection === 'customers') this.accounts.delete(record.id);
  }

  adjust(adjustment: UsageAdjustment): void {
    const { customerId } = adjustment;
    if (adjustment.kind === 'extra') {
      this.extras.set(customerId, [...(this.extras.get(customerId) ?? []), adjustment]);
      this.pastHours.delete(dayNumber(adjustment.at));
    } else this.drops.set(customerId, [...(this.drops.get(customerId) ?? []), adjustment]);
  }

  /** Daily rows whose day begins in [fromAt, toAt), by day, then as the customers came. */
  usage(filter: { fromAt: number; toAt: number; customerId?: string }): UsageRow[] {
    const rows: UsageRow[] = [];
    for (const day of this.daysStarting(filter.fromAt, filter.toAt)) {
      const shape = this.shape(day);
      const text = dayText(day);
      this.eachFlow(day, filter.customerId, (flow) => {
        const row = this.row(flow, shape, text);
        if (row.calls > 0) rows.push(row);
      });
    }
    return rows;
  }

  /** See World.usagePieces. */
  pieces(day: number): UsagePiece[] {
    const shape = this.shape(day);
    const pieces: UsagePiece[] = [];
    this.eachFlow(day, undefined, (flow) => {
      const { id: customerId } = flow.account.customer;
      const category = CATEGORIES[flow.category] ?? CATEGORIES[0];
      for (const [from, to] of windows(flow, shape.hours)) {
        const calls =
          Math.floor(flow.calls * (shape.calls[to] ?? 1)) - Math.floor(flow.calls * (shape.calls[from] ?? 0));
        const [fromAt, toAt] = [shape.startAt + from * HOUR, shape.startAt + to * HOUR];
        if (calls > 0) pieces.push({ customerId, category, fromAt, toAt, calls });
      }
      for (const { at, calls } of flow.extras)
        pieces.push({ customerId, category, fromAt: at, toAt: at, calls });
    });
    return pieces;
  }

  /** Platform hours beginning in [fromAt, toAt), as far as they are over (the present one only where calls were added). */
  performance(filter: { fromAt: number; toAt: number }): PerformanceRow[] {
    const rows: PerformanceRow[] = [];
    const last = Math.min(filter.toAt - 1, this.world.now());
    const first = Math.max(filter.fromAt, this.firstAt());
    for (let day = dayNumber(first); day <= dayNumber(last); day += 1) {
      for (const row of this.hoursOf(day)) {
        if (row.bucketStartAt >= filter.fromAt && row.bucketStartAt < filter.toAt) rows.push(row);
      }
    }
    return rows;
  }

  private firstAt(): number {
    return this.world.all('customers')[0]?.createdAt ?? this.world.now();
  }

  private *daysStarting(fromAt: number, toAt: number): Generator<number> {
    const first = Math.max(fromAt, this.firstAt() - DAY);
    const end = Math.min(toAt, this.world.now() + 1);
    for (let day = dayNumber(first); dayStart(day) < end; day += 1) if (dayStart(day) >= fromAt) yield day;
  }

  private shape(day: number): DayShape {
    const known = this.shapes.get(day);
    if (known) return known;
    const made = shapeOfDay(this.world, day);
    this.shapes.set(day, made);
    return made;
  }

  private account(customer: CustomerRecord): Account {
    const known = this.accounts.get(customer.id);
    if (known) return known;
    let endAt = Number.NEGATIVE_INFINITY;
    const subscriptions = this.world.of('subscriptions', customer.id);
    for (const { endedAt } of subscriptions) endAt = Math.max(endAt, endedAt ?? Number.POSITIVE_INFINITY);
    const hash = mix(this.world.anchor.seed, hashText(customer.id));
    const account = {
      customer,
      profile: usageProfile(customer, hash, this.world.temperOf(customer.id), this.world.anchor.now),
      createdDay: dayNumber(customer.createdAt),
      hash,
      endAt: subscriptions.length > 0 ? endAt : Number.POSITIVE_INFINITY,
    };
    this.accounts.set(customer.id, account);
    return account;
  }

  private eachFlow(day: number, customerId: string | undefined, visit: (flow: Flow) => void): void {
    const startAt = dayStart(day);
    const nextAt = dayStart(day + 1);
    const one = customerId === undefined ? undefined : this.world.get('customers', customerId);
    const customers = customerId === undefined ? this.world.all('customers') : one ? [one] : [];
    const now = this.world.now();
    for (const customer of customers) {
      if (customer.createdAt >= nextAt) break;
      const account = this.account(customer);
      const until = Math.min(now, account.endAt, nextAt);
      const hours = Math.max(0, Math.floor((until - startAt) / HOUR));
      const extras = this.extras.get(customer.id)?.filter(({ at }) => at >= startAt && at < nextAt) ?? [];
      if (hours === 0 && extras.length === 0) continue;
      const lives = account.createdDay < day;
      for (let category = 0; category < account.profile.categories; category += 1) {
        const calls = lives ? this.callsOf(account, day, category) : 0;
        const added = category === 0 ? extras : [];
        if (calls === 0 && added.length === 0) continue;
        const noise = mix(mix(account.hash, day), 77 + category);
        const factor4xx = 0.4 + (noise & 1023) / 853;
        const factor5xx = 0.4 + ((noise >>> 10) & 1023) / 853;
        visit({ account, category, calls, factor4xx, factor5xx, hours, extras: added });
      }
    }
  }

  private callsOf(account: Account, day: number, category: number): number {
    const calls = dailyCalls(account.profile, account.hash, day, day - account.createdDay, category);
    const drops = this.drops.get(account.customer.id);
    if (!drops) return calls;
    const left = drops.reduce(
      (share, drop) =>
        day >= drop.fromDay && day < drop.toDay ? (share * (100 - drop.percent)) / 100 : share,
      1,
    );
    return Math.round(calls * left);
  }

  private row(flow: Flow, shape: DayShape, text: string): UsageRow {
    const { account, hours, extras } = flow;
    let updatedAt = shape.startAt + hours * HOUR;
    let calls = Math.floor(flow.calls * (shape.calls[hours] ?? 1));
    for (const extra of extras) {
      calls += extra.calls;
      updatedAt = Math.max(updatedAt, extra.at);
    }
    const category = CATEGORIES[flow.category] ?? CATEGORIES[0];
    return {
      id: `use_${account.customer.id}_${text}_${category}`,
      customerId: account.customer.id,
      bucketStartAt: shape.startAt,
      category,
      calls,
      errors4xx: Math.floor(flow.calls * flow.factor4xx * (shape.errors4xx[hours] ?? 0)),
      errors5xx: Math.floor(flow.calls * flow.factor5xx * (shape.errors5xx[hours] ?? 0)),
      updatedAt,
    };
  }

  private hoursOf(day: number): PerformanceRow[] {
    const known = this.pastHours.get(day);
    if (known) return known;
    const shape = this.shape(day);
    const sums = addUp(shape);
    this.eachFlow(day, undefined, (flow) => {
      for (let hour = 1; hour <= flow.hours; hour += 1) {
        sums.add(hour - 1, flow.calls, flow.factor4xx, flow.factor5xx);
      }
      for (const { at, calls } of flow.extras) sums.extra(at, calls);
    });
    const now = this.world.now();
    const rows: PerformanceRow[] = [];
    for (const { startAt, calls, errors4xx, errors5xx, extraAt } of sums.hours()) {
      const over = startAt + HOUR <= now;
      if (!over && extraAt === null) continue;
      rows.push({
        bucketStartAt: startAt,
        calls,
        errors4xx,
        errors5xx,
        latencyCounts: spread(this.world, startAt, calls),
        updatedAt: over ? startAt + HOUR : (extraAt ?? startAt),
      });
    }
    if (dayStart(day + 1) <= now) this.pastHours.set(day, rows);
    return rows;
  }
}

/** Who calls more reports more often: hours of the day from and to, as far as they are over. */
function windows({ account, hours }: Flow, dayHours: number): [number, number][] {
  const { level } = account.profile;
  const count = level < 3_000 ? 2 : level < 30_000 ? 4 : 6;
  const found: [number, number][] = [];
  for (let index = 0; index < count; index += 1) {
    const from = (index * 24) / count;
    const whole = index === count - 1 ? dayHours : ((index + 1) * 24) / count;
    // Where the last subscription ended, so did the reporting: what it had begun is reported as far as it went.
    const ended = account.endAt < Number.POSITIVE_INFINITY && hours < whole;
    if (hours >= whole) found.push([from, whole]);
    else if (ended && hours > from) found.push([from, hours]);
  }
  return found;
}
