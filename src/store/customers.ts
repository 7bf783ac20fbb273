import { buildCustomerIndex, type CustomerIndex } from '../domain/customers/matching.ts';
import type { CustomerDirectory } from '../domain/ports.ts';
import type { Customer } from '../domain/types.ts';
import { type Choice, UserError } from '../lib/errors.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type Db = Store['db'];

/** As many as a person can be asked to choose from. */
const CHOICES = 5;
/** Candidates this near to the best are as likely meant. */
const AMBIGUOUS_WITHIN = 0.05;
/** Below this the best match is a guess that is offered, never taken. */
const SURE_FROM = 0.7;

/** The shared linker over the store. Its index is built once and again whenever the customers change. */
export function createCustomerDirectory(db: Db): CustomerDirectory {
  let cached: { stamp: string; index: CustomerIndex<Customer> } | null = null;

  async function index(): Promise<CustomerIndex<Customer>> {
    const state = await db
      .selectFrom('customers')
      .select(({ fn }) => [fn.countAll<number>().as('rows'), fn.max('updated_at').as('newest')])
      .executeTakeFirst();
    const stamp = `${state?.rows} ${state?.newest}`;
    if (cached?.stamp !== stamp) {
      const rows = await db.selectFrom('customers').selectAll().execute();
      cached = { stamp, index: buildCustomerIndex(rows.map(customerOf)) };
    }
    return cached.index;
  }

  async function get(id: string): Promise<Customer | null> {
    const row = await db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : customerOf(row);
  }

  return {
    get,
    async resolve(reference) {
      const known = await get(reference.trim());
      if (known !== null) return known;
      const matches = (await index()).search(reference, CHOICES);
      const [best, ...others] = matches;
      if (best === undefined || best.score < SURE_FROM)
        throw new UserError(
          'not_found',
          `I do not know a customer called "${clipped(reference)}".`,
          best === undefined ? 'Check the spelling, or use the id or domain.' : 'Did you mean one of these?',
          choicesOf(matches.map(({ customer }) => customer)),
        );
      // Written out in full, a name is meant, whatever else resembles it.
      const within = best.score === 1 ? 0 : AMBIGUOUS_WITHIN;
      const near = others.filter(({ score }) => score >= best.score - within);
      if (near.length === 0) return best.customer;
      throw new UserError(
        'ambiguous',
        `"${clipped(reference)}" could be ${[best, ...near].map(({ customer }) => customer.name).join(' or ')}.`,
        'Pick one.',
        choicesOf([best, ...near].map(({ customer }) => customer)),
      );
    },
    search: async (text, limit) => (await index()).search(text, limit),
    mentionedIn: async (text) => (await index()).mentionedIn(text),
  };
}

/** Namesakes are told apart by their domain, and meant by their id. */
function choicesOf(customers: readonly Customer[]): Choice[] {
  return customers.map(({ id, name, domain }) => {
    const alone = customers.filter((other) => other.name === name).length === 1;
    return { label: clipped(alone ? name : `${name} (${domain})`, 75), say: alone ? name : id };
  });
}

function clipped(text: string, length = 60): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

function customerOf(row: Schema['customers']): Customer {
  return {
    id: row.id,
    name: row.name,
    domain: row.domain,
    email: row.email,
    country: row.country,
    region: row.region,
    currency: row.currency,
    segment: row.segment,
    channel: row.channel,
    ownerEmail: row.owner_email,
    stripeCustomerId: row.stripe_customer_id,
    signedUpAt: row.signed_up_at,
  };
}
