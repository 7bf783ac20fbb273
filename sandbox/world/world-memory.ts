import type { KeyValueStore } from '../core/types.ts';
import type { Duty } from './queue.ts';
import type { CollectionName, Collections } from './records.ts';
import type { Temper, UsageAdjustment } from './simulated-world.ts';

interface SavedRecord<C extends CollectionName = CollectionName> {
  collection: C;
  record: Collections[C];
}

const RECORDS = 'world.records';
const NUMBERS = 'world.numbers';
const ADJUSTMENTS = 'world.usage_adjustments';
const TEMPERS = 'world.tempers';
const ADDED = 'world.duties_added';
const DONE = 'world.duties_done';

/**
 * What the seed alone does not tell: records put after the history was written, and how far time has gone. The store
 * holds only what this class wrote, so what comes back is read as what went in.
 */
export class WorldMemory {
  private readonly store: KeyValueStore;
  private readonly orders = new Map<string, number>();
  private adjustments = 0;

  constructor(store: KeyValueStore) {
    this.store = store;
  }

  record<C extends CollectionName>(collection: C, record: Collections[C]): void {
    const key = `${collection}/${record.id}`;
    const order = this.orders.get(key) ?? this.orders.size + 1;
    this.orders.set(key, order);
    this.store.set(RECORDS, key, { order, collection, record });
  }

  number(name: 'lastId' | 'position' | 'competitorVersion', value: number): void {
    this.store.set(NUMBERS, name, value);
  }

  adjustment(adjustment: UsageAdjustment): void {
    this.adjustments += 1;
    this.store.set(ADJUSTMENTS, String(this.adjustments), { order: this.adjustments, adjustment });
  }

  temper(customerId: string, temper: Temper): void {
    this.store.set(TEMPERS, customerId, { customerId, temper });
  }

  dutyAdded(duty: Duty): void {
    this.store.set(ADDED, String(duty.id), duty);
  }

  dutyDone(duty: Duty): void {
    this.store.set(DONE, String(duty.id), duty.id);
  }

  recall() {
    const records = this.read<{ order: number } & SavedRecord>(RECORDS).sort((a, b) => a.order - b.order);
    for (const { collection, record, order } of records) this.orders.set(`${collection}/${record.id}`, order);
    const adjusted = this.read<{ order: number; adjustment: UsageAdjustment }>(ADJUSTMENTS);
    this.adjustments = adjusted.length;
    return {
      records,
      adjustments: adjusted.sort((a, b) => a.order - b.order).map(({ adjustment }) => adjustment),
      numbers: new Map(this.store.all(NUMBERS).map(({ id, value }) => [id, Number(value)])),
      tempers: this.read<{ customerId: string; temper: Temper }>(TEMPERS),
      dutiesAdded: this.read<Duty>(ADDED),
      dutiesDone: new Set(this.read<number>(DONE)),
    };
  }

  private read<T>(collection: string): T[] {
    return this.store.all(collection).map(({ value }) => value as T);
  }
}
