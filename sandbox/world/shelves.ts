import type { CollectionName, Collections } from './records.ts';

interface Shelf<T> {
  rows: T[];
  places: Map<string, number>;
  byCustomer: Map<string, number[]>;
}

type Shelves = { [C in CollectionName]: Shelf<Collections[C]> };

const shelf = <T>(): Shelf<T> => ({ rows: [], places: new Map(), byCustomer: new Map() });

/** All records in memory, by id and by customer, in order of creation. */
export class RecordShelves {
  private readonly shelves: Shelves = {
    customers: shelf(),
    paymentMethods: shelf(),
    products: shelf(),
    prices: shelf(),
    subscriptions: shelf(),
    subscriptionVersions: shelf(),
    invoices: shelf(),
    paymentIntents: shelf(),
    charges: shelf(),
    refunds: shelf(),
    creditNotes: shelf(),
    disputes: shelf(),
    userProfiles: shelf(),
    tickets: shelf(),
    incidents: shelf(),
    services: shelf(),
  };

  get<C extends CollectionName>(collection: C, id: string): Collections[C] | undefined {
    const { rows, places } = this.shelves[collection];
    const place = places.get(id);
    return place === undefined ? undefined : rows[place];
  }

  all<C extends CollectionName>(collection: C): readonly Collections[C][] {
    return this.shelves[collection].rows;
  }

  of<C extends CollectionName>(collection: C, customerId: string): Collections[C][] {
    const { rows, byCustomer } = this.shelves[collection];
    const found: Collections[C][] = [];
    for (const place of byCustomer.get(customerId) ?? []) {
      const row = rows[place];
      if (row) found.push(row);
    }
    return found;
  }

  put<C extends CollectionName>(collection: C, record: Collections[C]): void {
    const { rows, places, byCustomer } = this.shelves[collection];
    const known = places.get(record.id);
    if (known !== undefined) {
      rows[known] = record;
      return;
    }
    const place = rows.push(record) - 1;
    places.set(record.id, place);
    if (!('customerId' in record)) return;
    const list = byCustomer.get(record.customerId);
    if (list) list.push(place);
    else byCustomer.set(record.customerId, [place]);
  }
}
