import { DAY } from './calendar.ts';
import { WorldError } from './errors.ts';
import { mustGet } from './lookup.ts';
import type { ChargeRecord, CustomerRecord, InvoiceRecord, World } from './records.ts';
import { simulated } from './world.ts';

/** Somebody to ask about, named as a person would: in full, for short, and misspelt by a letter. */
interface Picked {
  id: string | null;
  name: string;
  short: string;
  typo: string;
  domain: string | null;
  [more: string]: unknown;
}

const KINDS: Record<string, (world: World) => Picked> = {
  refundable,
  overdue: overdueCustomer,
  ambiguous,
  healthy: (world) => described(world, byName(world, 'Tessera Maps')),
  atrisk: (world) => described(world, byName(world, 'Vantage Freight')),
  injected: (world) => described(world, byName(world, 'Corvid Data')),
  nobody,
};

/** A customer that fits the kind. Throws WorldError when the kind is unknown or nobody fits at the moment. */
export function pickCustomer(world: World, kind: string): Picked {
  const pick = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!pick) throw new WorldError('unknown_kind', `kind: must be one of ${Object.keys(KINDS).join(', ')}`);
  return pick(world);
}

/** An invoice that is open, overdue or a draft, with whose it is; amounts in its own currency. */
export function pickInvoice(world: World, kind: string) {
  const now = world.now();
  const tests: Record<string, (invoice: InvoiceRecord) => boolean> = {
    open: ({ status, dueAt, finalizedAt }) => status === 'open' && (dueAt ?? finalizedAt ?? now) >= now,
    overdue: (invoice) => isOverdue(invoice, now),
    draft: ({ status, subscriptionId }) => status === 'draft' && subscriptionId === null,
  };
  const test = Object.hasOwn(tests, kind) ? tests[kind] : undefined;
  if (!test) throw new WorldError('unknown_kind', `kind: must be one of ${Object.keys(tests).join(', ')}`);
  const fitting = world.all('invoices').filter(test);
  // One with a due date of its own is the plainer case.
  const invoice =
    fitting.find(({ dueAt }) => dueAt !== null) ??
    fitting[0] ??
    (kind === 'open' ? world.all('invoices').find(({ status }) => status === 'open') : undefined);
  if (!invoice) throw new WorldError('nothing_fits', `no invoice is ${kind} at the moment`);
  const { id, name, email, domain } = mustGet(world, 'customers', invoice.customerId);
  return {
    id: invoice.id,
    number: invoice.number,
    status: invoice.status,
    amount: invoice.amountRemaining / 10 ** (invoice.currency === 'JPY' ? 0 : 2),
    amount_minor: invoice.amountRemaining,
    currency: invoice.currency,
    due_at: invoice.dueAt === null ? null : new Date(invoice.dueAt).toISOString(),
    customer: {
      ...described(world, mustGet(world, 'customers', invoice.customerId)),
      id,
      name,
      email,
      domain,
    },
  };
}

/** The competitor whose page is watched. */
export function pickCompetitor(world: World) {
  const version = simulated(world).competitorPageVersion();
  return {
    id: 'competitor_lambdaforge',
    name: 'LambdaForge',
    short: 'Lambda',
    typo: 'LambdaForg',
    domain: 'lambdaforge.example',
    page_version: version,
    prices: { starter: 4_500 - 300 * Math.min(version, 5), growth: 22_500 - 1_500 * Math.min(version, 5) },
    currency: 'USD',
  };
}

function isOverdue({ status, dueAt, finalizedAt }: InvoiceRecord, now: number): boolean {
  return status === 'open' && (dueAt ?? finalizedAt ?? now) < now;
}

function byName(world: World, start: string): CustomerRecord | undefined {
  return world.all('customers').find(({ name }) => name.startsWith(start));
}

function described(world: World, customer: CustomerRecord | undefined): Picked {
  if (!customer) throw new WorldError('nothing_fits', 'no customer is like that at the moment');
  const owner = world.of('userProfiles', customer.id)[0];
  return {
    id: customer.id,
    name: customer.name,
    short: shortOf(world, customer),
    typo: misspelt(customer.name),
    domain: customer.domain,
    email: customer.email,
    owner: owner?.fullName ?? null,
    country: customer.country,
    currency: customer.currency,
    stripe_id: customer.stripeId,
  };
}

/** The fewest first words that no other customer's name begins with. */
function shortOf(world: World, { id, name }: CustomerRecord): string {
  const words = name.split(' ');
  for (let length = 1; length < words.length; length += 1) {
    const short = words.slice(0, length).join(' ');
    const start = `${short} `.toLowerCase();
    const shared = world
      .all('customers')
      .some((other) => other.id !== id && other.name.toLowerCase().startsWith(start));
    if (!shared) return short;
  }
  return name;
}

/** Leaves one letter out of the longer of the first two words. */
function misspelt(name: string): string {
  const words = name.split(' ');
  const place = (words[1]?.length ?? 0) > (words[0]?.length ?? 0) ? 1 : 0;
  const word = words[place] ?? name;
  const gap = Math.max(1, word.length - 2);
  words[place] = word.slice(0, gap) + word.slice(gap + 1);
  return words.join(' ');
}

function lastPayment(world: World, customerId: string): ChargeRecord | undefined {
  return world.of('charges', customerId).findLast(({ status }) => status === 'succeeded');
}

function refundable(world: World): Picked {
  const since = world.now() - 60 * DAY;
  const fits = (customer: CustomerRecord) => {
    const payment = lastPayment(world, customer.id);
    return (
      payment !== undefined &&
      payment.createdAt >= since &&
      payment.amountRefunded === 0 &&
      !payment.disputed &&
      customer.currency === 'USD'
    );
  };
  const acme = byName(world, 'Acme Robotics');
  const customer = acme && fits(acme) ? acme : world.all('customers').find(fits);
  const payment = customer && lastPayment(world, customer.id);
  return {
    ...described(world, customer),
    payment: payment?.id ?? null,
    payment_intent: payment?.paymentIntentId ?? null,
    invoice: payment?.invoiceId ?? null,
    amount_minor: payment?.amount ?? null,
    amount: payment ? payment.amount / 100 : null,
  };
}

function overdueCustomer(world: World): Picked {
  const now = world.now();
  const late = world.all('invoices').filter((invoice) => isOverdue(invoice, now));
  const invoice = late.find(({ dueAt }) => dueAt !== null) ?? late[0];
  if (!invoice) throw new WorldError('nothing_fits', 'no customer is overdue at the moment');
  return {
    ...described(world, world.get('customers', invoice.customerId)),
    invoice: invoice.id,
    number: invoice.number,
    amount_minor: late
      .filter(
        ({ customerId, currency }) => customerId === invoice.customerId && currency === invoice.currency,
      )
      .reduce((sum, { amountRemaining }) => sum + amountRemaining, 0),
  };
}

function ambiguous(world: World): Picked {
  const both = world.all('customers').filter(({ name }) => name.startsWith('Northgate '));
  return {
    ...described(world, both[0]),
    short: 'Northgate',
    both: both.map(({ id, name, domain }) => ({ id, name, domain })),
  };
}

function nobody(): Picked {
  return {
    id: null,
    name: 'Zephyrine Quarries',
    short: 'Zephyrine',
    typo: 'Zephyrne Quarries',
    domain: null,
  };
}
