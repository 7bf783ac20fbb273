import type { Sandbox } from '../core/types.ts';
import type { CollectionName, Collections, CustomerRecord, World } from '../world/records.ts';
import { type BalanceEntry, BalanceLedger } from './balance-ledger.ts';
import { CreationIndex, type Indexed } from './creation-index.ts';
import { noSuch } from './errors.ts';
import {
  type Annotation,
  type BalanceTransactionRecord,
  type CouponRecord,
  createShelves,
  type InvoiceItemRecord,
  type Shelves,
} from './shelves.ts';

type Looked<C extends CollectionName> = Omit<Indexed<Collections[C]>, 'source' | 'id'>;

/** What a request reads and writes: the company's books, seen as Stripe sees them. */
export class Books {
  private readonly sandbox: Sandbox;
  readonly shelves: Shelves;
  private indexes: ReturnType<Books['buildIndexes']> | null = null;
  private readonly indexedWorld = { current: null as World | null };

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.shelves = createShelves(sandbox.keep);
  }

  get world(): World {
    return this.sandbox.world;
  }

  now(): number {
    return this.world.now();
  }

  /** Forgets everything but what the world itself says. */
  reset(): void {
    this.indexes = null;
    for (const shelf of Object.values(this.shelves)) shelf.clear();
  }

  /** Reads again what is kept. */
  reload(): void {
    this.indexes = null;
    for (const shelf of Object.values(this.shelves)) shelf.reload();
  }

  get index() {
    if (this.indexes === null || this.indexedWorld.current !== this.world) {
      this.indexes = this.buildIndexes();
      this.indexedWorld.current = this.world;
    }
    return this.indexes;
  }

  /** The company's balance at Stripe: its movements by creation, and one by its id. */
  get balance() {
    return this.index.balance;
  }

  annotation(id: string): Annotation {
    return this.shelves.annotations.get(id) ?? {};
  }

  annotate(id: string, change: Annotation): void {
    this.shelves.annotations.set(id, { ...this.annotation(id), ...change });
  }

  /** Stripe's id of a customer of the books. */
  stripeIdOf(customerId: string): string {
    return this.world.get('customers', customerId)?.stripeId ?? customerId;
  }

  /** The customer a request names by Stripe's id; throws the StripeFault for one that does not exist. */
  customer(stripeId: string, param = 'customer'): CustomerRecord {
    const customer = this.findCustomer(stripeId);
    if (!customer) throw noSuch('customer', stripeId, param);
    return customer;
  }

  /** The company's own id of the customer a request names, if it names one; throws as `customer` does. */
  customerId(stripeId: string | undefined): string | undefined {
    return stripeId === undefined ? undefined : this.customer(stripeId).id;
  }

  findCustomer(stripeId: string): CustomerRecord | undefined {
    const entry = this.index.customers.by('stripeId', stripeId)[0];
    return entry === undefined ? undefined : this.world.get('customers', entry.id);
  }

  /** The record a request names; throws the StripeFault for one that does not exist. */
  require<C extends CollectionName>(collection: C, thing: string, id: string, param = 'id'): Collections[C] {
    const record = this.world.get(collection, id);
    if (record === undefined) throw noSuch(thing, id, param);
    return record;
  }

  private buildIndexes() {
    const look = <C extends CollectionName>(collection: C, by: Looked<C>): CreationIndex<Collections[C]> =>
      new CreationIndex<Collections[C]>({
        source: () => this.world.all(collection),
        id: (record) => record.id,
        ...by,
      });
    return {
      customers: look('customers', {
        createdAt: (record) => record.createdAt,
        keys: { stripeId: (record) => record.stripeId, email: (record) => record.email },
      }),
      paymentMethods: look('paymentMethods', {
        createdAt: (record) => record.createdAt,
        keys: { customer: (record) => record.customerId },
      }),
      products: look('products', { createdAt: (record) => record.createdAt, keys: {} }),
      prices: look('prices', {
        createdAt: (record) => record.createdAt,
        keys: { product: (record) => record.productId },
      }),
      subscriptions: look('subscriptions', {
        createdAt: (record) => record.startedAt,
        keys: { customer: (record) => record.customerId },
      }),
      invoices: look('invoices', {
        createdAt: (record) => record.createdAt,
        keys: { customer: (record) => record.customerId, subscription: (record) => record.subscriptionId },
      }),
      paymentIntents: look('paymentIntents', {
        createdAt: (record) => record.createdAt,
        keys: { customer: (record) => record.customerId, invoice: (record) => record.invoiceId },
      }),
      charges: look('charges', {
        createdAt: (record) => record.createdAt,
        keys: {
          customer: (record) => record.customerId,
          payment_intent: (record) => record.paymentIntentId,
          invoice: (record) => record.invoiceId,
        },
      }),
      refunds: look('refunds', {
        createdAt: (record) => record.createdAt,
        keys: { charge: (record) => record.chargeId },
      }),
      creditNotes: look('creditNotes', {
        createdAt: (record) => record.createdAt,
        keys: { customer: (record) => record.customerId, invoice: (record) => record.invoiceId },
      }),
      disputes: look('disputes', {
        createdAt: (record) => record.createdAt,
        keys: { charge: (record) => record.chargeId },
      }),
      balance: balanceIndex(this.world),
      balanceTransactions: new CreationIndex<BalanceTransactionRecord>({
        source: () => this.shelves.balanceTransactions.all(),
        id: (record) => record.id,
        createdAt: (record) => record.createdAt,
        keys: { customer: (record) => record.customerId },
      }),
      coupons: new CreationIndex<CouponRecord>({
        source: () => this.shelves.coupons.all(),
        id: (record) => record.id,
        createdAt: (record) => record.createdAt,
        keys: {},
      }),
      invoiceItems: new CreationIndex<InvoiceItemRecord>({
        source: () => this.shelves.invoiceItems.all(),
        id: (record) => record.id,
        createdAt: (record) => record.createdAt,
        keys: { customer: (record) => record.customerId },
      }),
    };
  }
}

function balanceIndex(world: World) {
  const ledger = new BalanceLedger(world);
  const byId = new Map<string, BalanceEntry>();
  let filed = 0;
  const entries = () => {
    const all = ledger.all();
    for (; filed < all.length; filed += 1) {
      const entry = all[filed];
      if (entry !== undefined) byId.set(entry.id, entry);
    }
    return all;
  };
  const index = new CreationIndex<BalanceEntry>({
    source: entries,
    id: (entry) => entry.id,
    createdAt: (entry) => entry.createdAt,
    keys: { source: (entry) => entry.sourceId },
  });
  return { entries, index, find: (id: string) => byId.get(id) };
}
