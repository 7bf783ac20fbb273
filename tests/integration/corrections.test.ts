import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { NOW, type Person, peopleOf, personOf, type Thread } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await launch({ env: { SANDBOX_NOW: NOW } });
}, 90_000);
afterAll(() => workspace?.stop());
beforeEach(async () => {
  await workspace.client.reset({ now: NOW });
  people = peopleOf(workspace.client, await workspace.client.state());
}, 60_000);

const effectsOf = async (kind: string) =>
  (await workspace.client.effects()).filter((effect) => effect.kind === kind);

/** Asked for by one of finance, on a card; approved by the other. */
async function approved(text: string): Promise<{ thread: Thread; card: string }> {
  const thread = await personOf(people, 'finance', 0).ask(text);
  const card = (await thread.card()).message.plain;
  expect(await workspace.client.effects()).toHaveLength(0);
  await personOf(people, 'finance', 1).press('approval.approve');
  return { thread, card };
}

describe('correcting what was billed, from words to Stripe', () => {
  it('a credit to the balance happens once though its answer was lost', async () => {
    await workspace.client.fault({
      system: 'stripe',
      kind: 'drop_response',
      match: 'POST /v1/customers',
      count: 1,
    });
    const { thread, card } = await approved('credit Acme $50 for the outage');
    expect(card).toMatch(/the outage/);
    expect(await thread.answer()).toContain('Credited $50.00');
    expect(await effectsOf('credit.applied')).toMatchObject([{ amount_minor: 5_000, currency: 'USD' }]);
  });

  it('a credit note of half an invoice happens once though its answer was lost', async () => {
    await workspace.client.fault({
      system: 'stripe',
      kind: 'drop_response',
      match: 'POST /v1/credit_notes',
      count: 1,
    });
    const { thread, card } = await approved("credit note for Acme's last invoice, half");
    expect(card).toMatch(/Left to credit of the invoice/);
    expect(await thread.answer()).toMatch(/Issued credit note .* over \$/);
    expect(await effectsOf('credit_note.created')).toHaveLength(1);
  });

  it('a change of plan is billed at once as both sums said', async () => {
    const { thread, card } = await approved('put Acme on enterprise now');
    const billed = /\$([\d,]+\.\d\d), by our sums/.exec(card)?.[1];
    expect(billed).toBeDefined();
    expect(await thread.answer()).toContain('is on Enterprise');
    expect(await effectsOf('subscription.changed')).toHaveLength(1);
  });
});
