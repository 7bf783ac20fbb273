import type { SandboxClient, SandboxEffect, SandboxUser } from '../../sandbox/client.ts';
import type { Launched } from '../../sandbox/launch.ts';
import { convertMoney } from '../../src/domain/money/arithmetic.ts';
import { pick, seeded } from '../random.ts';
import { decideEverything } from './decide-everything.ts';
import { armMisfortune } from './misfortunes.ts';
import { type IssuedInvoice, invoicesOf } from './records.ts';

const DAY_MS = 86_400_000;
/** A card is tried no oftener than this by any network (Visa's limit in 30 days). */
const MOST_CHARGES = 15;

export interface QuarterPlan {
  days: number;
  seed: number;
  misfortunes: boolean;
  onDay?(day: number, line: string): void;
}

export interface QuarterOutcome {
  days: number;
  closes: { month: string; invoices: number; billedMinor: number; truthMinor: number }[];
  effects: Record<string, number>;
  approved: number;
  failures: number;
  mended: number;
  misfortunes: Record<string, number>;
  /** Everything that must not have happened, in a sentence each. */
  faults: string[];
}

/**
 * A quarter of a company's money, day by day: months are closed, payments fail, cards are mended, people approve what
 * is proposed, and the process is killed on the way. What came of it is counted from outside.
 */
export async function simulateQuarter(
  { client, dataDir }: Launched,
  plan: QuarterPlan,
): Promise<QuarterOutcome> {
  const random = seeded(plan.seed);
  await client.wait(120_000);
  const { users, now } = await client.state();
  const named = (name: string) => {
    const user = users.find((one) => one.name === name);
    if (!user) throw new Error(`${name} is not in the workspace`);
    return user;
  };
  const asker = named('Priya Raman');
  const deciders = [named('Tomas Herrera'), named('Maya Okafor')];
  const outcome: QuarterOutcome = {
    ...{
      days: plan.days,
      closes: [],
      effects: {},
      approved: 0,
      failures: 0,
      mended: 0,
      misfortunes: {},
      faults: [],
    },
  };
  const failing: { customer: string; mendsAt: number }[] = [];
  for (let day = 1; day <= plan.days; day += 1) {
    const at = Date.parse(now) + day * DAY_MS;
    if (plan.misfortunes) count(outcome.misfortunes, await armMisfortune(client, random));
    await client.clock({ now: new Date(at).toISOString() });
    await client.wait(180_000);
    await somePaymentFails(client, random, at, failing, outcome);
    if (new Date(at).getUTCDate() === 3) await closeMonth(client, asker);
    outcome.approved += await decideEverything(client, deciders);
    await client.clearFaults();
    await client.wait(180_000);
    plan.onDay?.(
      day,
      `${new Date(at).toISOString()}, approved ${outcome.approved}, failing ${failing.length}`,
    );
  }
  await judge(client, dataDir, asker, outcome);
  return outcome;
}

function count(into: Record<string, number>, name: string | null): void {
  if (name !== null) into[name] = (into[name] ?? 0) + 1;
}

/** Every third day or so a charge fails; most cards are mended within three weeks. */
async function somePaymentFails(
  client: SandboxClient,
  random: () => number,
  at: number,
  failing: { customer: string; mendsAt: number }[],
  outcome: QuarterOutcome,
): Promise<void> {
  for (const one of failing.filter(({ mendsAt }) => mendsAt <= at)) {
    await client.event({ type: 'payment_method_updated', customer: one.customer });
    failing.splice(failing.indexOf(one), 1);
    outcome.mended += 1;
  }
  if (random() > 0.35) return;
  const decline_code = pick(random, [
    'insufficient_funds',
    'expired_card',
    'processing_error',
    'do_not_honor',
  ]);
  const kind = pick(random, ['healthy', 'atrisk', 'refundable', 'overdue']);
  const customer = await client.pick('customer', kind);
  const id = String(customer.id);
  if (failing.some((one) => one.customer === id)) return;
  const failed = await client.event({ type: 'payment_failed', customer: id, decline_code }).then(
    () => true,
    () => false,
  );
  if (!failed) return;
  outcome.failures += 1;
  if (random() < 0.8) failing.push({ customer: id, mendsAt: at + (3 + random() * 18) * DAY_MS });
  await client.wait(60_000);
}

async function closeMonth(client: SandboxClient, asker: SandboxUser): Promise<void> {
  await client.say({ user: asker.id, dm: true, text: 'close the month' });
  await client.wait(180_000);
}

async function judge(
  client: SandboxClient,
  dataDir: string,
  asker: SandboxUser,
  outcome: QuarterOutcome,
): Promise<void> {
  const effects = await client.effects();
  for (const { kind } of effects) count(outcome.effects, kind);
  await judgeCloses(client, invoicesOf(dataDir), effects, outcome);
  judgeEffects(effects, outcome);
  await judgeServices(client, effects, outcome);
  const { channel, ts } = await client.say({
    user: asker.id,
    dm: true,
    text: 'export the journal of last month',
  });
  await client.wait(180_000);
  const said = (await client.messages({ channel, thread_ts: ts, viewer: asker.id }))
    .map(({ plain }) => plain)
    .join('\n');
  if (!said.includes('ties to Stripe')) outcome.faults.push(`the books do not tie: ${said.slice(0, 400)}`);
}

/** Each month's invoices come to the world's own sum, each customer has one, numbers have no gaps. */
async function judgeCloses(
  client: SandboxClient,
  invoices: readonly IssuedInvoice[],
  effects: readonly SandboxEffect[],
  outcome: QuarterOutcome,
): Promise<void> {
  for (const startAt of new Set(invoices.map((invoice) => invoice.startAt))) {
    const ofMonth = invoices.filter((invoice) => invoice.startAt === startAt);
    const month = new Date(startAt + DAY_MS).toISOString().slice(0, 7);
    const endAt = ofMonth[0]?.endAt ?? startAt;
    const period = `${new Date(startAt).toISOString()}/${new Date(endAt).toISOString()}`;
    const truth = await client.truth('overage_amount', { period });
    const billedMinor = ofMonth.reduce((sum, invoice) => sum + inDollars(invoice), 0);
    outcome.closes.push({
      month,
      invoices: ofMonth.length,
      billedMinor,
      truthMinor: truth.minor ?? Number.NaN,
    });
    if (billedMinor !== truth.minor)
      outcome.faults.push(`${month}: billed ${billedMinor}, the truth is ${truth.minor}`);
    const customers = new Set(ofMonth.map(({ customer }) => customer));
    if (customers.size !== ofMonth.length) outcome.faults.push(`${month}: a customer has two invoices`);
    const open = ofMonth.filter(({ state }) => state !== 'issued');
    if (open.length > 0)
      outcome.faults.push(`${month}: ${open.length} invoices are not issued (${open[0]?.state})`);
  }
  const issued = invoices.filter(({ state }) => state === 'issued');
  const finalised = effects.filter(({ kind }) => kind === 'invoice.finalized');
  if (finalised.length !== issued.length)
    outcome.faults.push(`${issued.length} invoices issued, ${finalised.length} finalised at Stripe`);
  const numbers = issued.map(({ sequence }) => sequence ?? 0).sort((one, other) => one - other);
  if (numbers.some((number, index) => number !== index + 1))
    outcome.faults.push('invoice numbers have a gap');
}

function inDollars({ currency, subtotalMinor, rate }: IssuedInvoice): number {
  return currency === 'USD'
    ? subtotalMinor
    : convertMoney({ minor: subtotalMinor, currency }, 'USD', rate ?? '0').minor;
}

/** Nothing is done twice under one key, and no card is tried oftener than its network allows. */
function judgeEffects(effects: readonly SandboxEffect[], outcome: QuarterOutcome): void {
  const seen = new Set<string>();
  for (const { kind, key } of effects) {
    if (key === null) outcome.faults.push(`${kind} without a key`);
    else if (seen.has(`${kind} ${key}`)) outcome.faults.push(`${kind} twice under ${key}`);
    seen.add(`${kind} ${key}`);
  }
  const charges = effects.filter(({ kind }) => kind === 'payment.retried');
  for (const customer of new Set(charges.map((effect) => effect.customer))) {
    const times = charges.filter((effect) => effect.customer === customer).map(({ at }) => Date.parse(at));
    for (const from of times) {
      const within = times.filter((at) => at >= from && at < from + 30 * DAY_MS).length;
      if (within > MOST_CHARGES) outcome.faults.push(`${customer} was charged ${within} times in 30 days`);
    }
  }
}

/** Whoever was restricted and owes nothing any more has full service again; a charge alone may have been declined. */
async function judgeServices(
  client: SandboxClient,
  effects: readonly SandboxEffect[],
  outcome: QuarterOutcome,
): Promise<void> {
  const restricted = new Set(
    effects.flatMap(({ kind, customer }) => (kind === 'service.restricted' && customer ? [customer] : [])),
  );
  for (const customer of restricted) {
    const owed = await client.truth('receivables_open', { customer });
    const level = await client.truth('service_level', { customer });
    if (owed.value === 0 && level.value !== 0)
      outcome.faults.push(`${customer} owes nothing and is still restricted (${level.value})`);
  }
}
