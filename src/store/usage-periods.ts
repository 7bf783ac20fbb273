import type { BillingConventions } from '../domain/billing/conventions.ts';
import type { ServicePeriod } from '../domain/billing/invoice.ts';
import type { DirtyPeriod, PeriodState } from '../domain/billing/usage-store.ts';
import type { Store } from './open-store.ts';

interface KnownPeriod {
  start_at: number;
  end_at: number;
  state: PeriodState;
}

interface DirtyRow {
  customer_id: string;
  start_at: number;
  end_at: number;
  treatment: DirtyPeriod['treatment'];
  events: number;
  first_at: number;
  last_at: number;
}

/** The billing periods that have been rated, and those that something came for afterwards. */
export function createUsagePeriods({ sqlite }: Pick<Store, 'sqlite'>) {
  const mark = sqlite.prepare<[string, number, number, string, number]>(
    `INSERT INTO usage_periods (customer_id, start_at, end_at, state, marked_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (customer_id, end_at, start_at) DO UPDATE SET state = excluded.state, marked_at = excluded.marked_at
     WHERE state <> 'closed'`,
  );
  const reopen = sqlite.prepare<[number, string, number, number]>(
    `UPDATE usage_periods SET state = 'rated', marked_at = ? WHERE customer_id = ? AND end_at = ? AND start_at = ?`,
  );
  const latest = sqlite.prepare<[string], { end_at: number | null }>(
    'SELECT MAX(end_at) AS end_at FROM usage_periods WHERE customer_id = ?',
  );
  const holding = sqlite.prepare<[string, number, number], KnownPeriod>(
    'SELECT start_at, end_at, state FROM usage_periods WHERE customer_id = ? AND end_at > ? AND start_at <= ?',
  );
  const dirty = sqlite.prepare(
    `INSERT INTO usage_dirty_periods (customer_id, start_at, end_at, treatment, events, first_at, last_at, settled_at)
     VALUES (@customerId, @start_at, @end_at, @treatment, 1, @nowAt, @nowAt, NULL)
     ON CONFLICT (customer_id, end_at, start_at) DO UPDATE SET
       treatment = excluded.treatment,
       events = CASE WHEN settled_at IS NULL THEN events + 1 ELSE 1 END,
       first_at = CASE WHEN settled_at IS NULL THEN first_at ELSE excluded.first_at END,
       last_at = excluded.last_at, settled_at = NULL`,
  );
  const open = sqlite.prepare<{ customerId: string | null }, DirtyRow>(
    `SELECT * FROM usage_dirty_periods WHERE settled_at IS NULL AND (@customerId IS NULL OR customer_id = @customerId)
     ORDER BY end_at, customer_id, start_at`,
  );
  const settle = sqlite.prepare<[number, string, number, number]>(
    'UPDATE usage_dirty_periods SET settled_at = ? WHERE customer_id = ? AND end_at = ? AND start_at = ?',
  );
  const unsettle = sqlite.prepare<[string, number, number]>(
    'UPDATE usage_dirty_periods SET settled_at = NULL WHERE customer_id = ? AND end_at = ? AND start_at = ?',
  );
  /** Where each customer's rated time ends: nearly every event lies beyond, and needs no look. */
  const ends = new Map<string, number>();

  function endOf(customerId: string): number {
    let end = ends.get(customerId);
    if (end === undefined) {
      end = latest.get(customerId)?.end_at ?? 0;
      ends.set(customerId, end);
    }
    return end;
  }

  return {
    /** True where nothing of the customer has been rated yet. */
    isBeyond: (customerId: string, at: number): boolean => at >= endOf(customerId),
    /** The rated periods of the customer that this instant lies in. */
    at(customerId: string, at: number): KnownPeriod[] {
      return at >= endOf(customerId) ? [] : holding.all(customerId, at, at);
    },
    /** Before a batch: another process may have closed a period. */
    begin: () => ends.clear(),
    markDirty(customerId: string, period: KnownPeriod, conventions: BillingConventions, nowAt: number): void {
      const { closedPeriod } = conventions.lateUsage;
      const treatment = period.state === 'rated' || closedPeriod === 'refuse' ? 're_rate' : closedPeriod;
      dirty.run({ customerId, start_at: period.start_at, end_at: period.end_at, treatment, nowAt });
    },
    mark(customerId: string, { startAt, endAt }: ServicePeriod, state: PeriodState, nowAt: number): void {
      mark.run(customerId, startAt, endAt, state, nowAt);
      ends.delete(customerId);
    },
    reopen: (customerId: string, { startAt, endAt }: ServicePeriod, nowAt: number): void => {
      reopen.run(nowAt, customerId, endAt, startAt);
    },
    dirty: (customerId?: string): DirtyPeriod[] =>
      open.all({ customerId: customerId ?? null }).map((row) => ({
        customerId: row.customer_id,
        startAt: row.start_at,
        endAt: row.end_at,
        treatment: row.treatment,
        events: row.events,
        firstAt: row.first_at,
        lastAt: row.last_at,
      })),
    unsettle: (customerId: string, { startAt, endAt }: ServicePeriod) => {
      unsettle.run(customerId, endAt, startAt);
    },
    settle: (customerId: string, { startAt, endAt }: ServicePeriod, nowAt: number) => {
      settle.run(nowAt, customerId, endAt, startAt);
    },
  };
}
