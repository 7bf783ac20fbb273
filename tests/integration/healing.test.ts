import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { figuresIn, shows } from '../../evals/figures.ts';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await newWorkspace();
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);
afterEach(() => workspace.client.clearFaults());

const doctor = async () => (await fetch(`${workspace.botUrl}/doctor`)).text();
/** How many rows of a kind the bot has, without asking it to look. */
const stored = async (rows: string) =>
  Number(new RegExp(`([\\d,]+) ${rows}`).exec(await doctor())?.[1]?.replaceAll(',', ''));
const ask = async (text: string) => (await personOf(people, 'founder').ask(text)).answer();

async function customer(): Promise<string> {
  return String((await workspace.client.pick('customer', 'healthy')).id);
}

describe('what happens outside', () => {
  it('at Stripe is in the store within five seconds, unasked, and the next answer has it', async () => {
    const before = await stored('payments?');
    const happenedAt = performance.now();
    await workspace.client.event({ type: 'payment_succeeded', customer: await customer() });
    await expect.poll(() => stored('payments?'), { timeout: 5_000, interval: 50 }).toBe(before + 1);
    const took = performance.now() - happenedAt;
    expect(took).toBeLessThan(5_000);
    const today = '2026-11-22T08:00:00Z/2026-11-23T08:00:00Z';
    const truth = await workspace.client.truth('revenue_gross', { period: today });
    const answer = await ask('gross revenue today');
    expect(
      figuresIn(answer).some((figure) => shows(figure, truth)),
      answer,
    ).toBe(true);
  });

  it('in Supabase is in the answer when asked at once, and in the store within a minute unasked', async () => {
    const id = await customer();
    await workspace.client.event({ type: 'ticket_opened', customer: id, text: 'Is anybody there' });
    const truth = await workspace.client.truth('tickets_open');
    const answer = await ask('how many open tickets do we have?');
    expect(
      figuresIn(answer).some((figure) => shows(figure, truth)),
      answer,
    ).toBe(true);
    const before = await stored('tickets?');
    await workspace.client.event({ type: 'ticket_opened', customer: id, text: 'And now' });
    await workspace.client.clock({ advance: 'PT60S' });
    expect(await stored('tickets?')).toBe(before + 1);
  });
});

it('forged and replayed webhooks are refused and counted, lost ones are caught up on', async () => {
  const { client } = workspace;
  const match = '/webhooks/stripe';
  await client.fault({ system: 'stripe', kind: 'malformed', match, count: 1 });
  await client.fault({ system: 'stripe', kind: 'replay', match, count: 1 });
  await client.event({ type: 'payment_succeeded', customer: await customer() });
  await client.wait();
  expect(await doctor()).toMatch(/2 webhooks with a bad signature refused/);
  const before = await stored('payments?');
  await client.fault({ system: 'stripe', kind: 'disconnect', match, count: 100 });
  await client.event({ type: 'payment_succeeded', customer: await customer() });
  await client.clock({ advance: 'PT60S' });
  expect(await stored('payments?')).toBe(before + 1);
});

describe('with one system down, Psi answers and says what is missing', () => {
  it.each([
    ['stripe', 'gross revenue this month', /Stripe data ends .* what came later is not in this answer/],
    [
      'supabase',
      'how many open tickets do we have?',
      /Supabase data ends .* what came later is not in this answer/,
    ],
    [
      'psizero',
      'how many API calls yesterday?',
      /PsiZero data ends .* what came later is not in this answer/,
    ],
    ['mail', "how's MRR?", /MRR/],
    ['model', "how's MRR?", /MRR/],
    ['web', "how's MRR?", /MRR/],
  ])(
    '%s',
    async (system, question, said) => {
      await workspace.client.fault({ system, kind: 'http_500', count: 10_000 });
      await workspace.client.clock({ advance: 'PT3M' });
      const answer = await ask(question);
      expect(answer).toMatch(said);
      expect(figuresIn(answer).length).toBeGreaterThan(0);
    },
    40_000,
  );
});

it('a field that came otherwise than agreed is named, marks answers, and is over by itself', async () => {
  const { client } = workspace;
  const drift = { field: 'status', how: 'unknown_value' };
  await client.post('/sandbox/faults', {
    system: 'supabase',
    kind: 'malformed',
    match: 'support_tickets',
    count: 10_000,
    drift,
  });
  // A breaker that an earlier failure opened lets go again after three seconds.
  await expect
    .poll(
      async () => {
        await client.event({ type: 'ticket_opened', customer: await customer(), text: 'Drifting' });
        await client.clock({ advance: 'PT16M' });
        return doctor();
      },
      { timeout: 15_000, interval: 1_000 },
    )
    .toMatch(
      /Wrong \(schema\): status of support_tickets: expected one of open, pending, closed, got unheard_of/,
    );
  expect(await ask('how many open tickets do we have?')).toMatch(
    /Supabase data is in doubt: status of support_tickets/,
  );
  await client.clearFaults();
  await client.clock({ advance: 'PT16M' });
  expect(await doctor()).not.toMatch(/Wrong/);
  expect(await ask('how many open tickets do we have?')).not.toMatch(/in doubt/);
}, 40_000);

it('an invoice that is not the sum of its lines is named, and marks answers about money', async () => {
  const { client } = workspace;
  await client.event({ type: 'invoice_misstated', customer: await customer(), amount: 100 });
  await client.clock({ advance: 'PT16M' });
  expect(await doctor()).toMatch(
    /Wrong \(reconciliation\): 1 of [\d,]+ invoices is not the sum of its lines, discounts and tax/,
  );
  expect(await ask('gross revenue this month')).toMatch(/Stripe data is in doubt: 1 of [\d,]+ invoices/);
}, 40_000);
