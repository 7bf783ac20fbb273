import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { buttonOf, type Person, peopleOf, personOf } from './workspace.ts';

/** A Monday morning, shortly before the first card. */
const NOW = '2026-11-23T08:05:00-08:00';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  const policyFile = join(mkdtempSync(join(tmpdir(), 'psi-policy-')), 'policy.yml');
  const rule = '{ decided_by: maya@psizero.example, until: 2027-06-30, max_per_day: 5 }';
  const policy = readFileSync('policy.yml', 'utf8')
    .replace('recovery-tick: { on: false', 'recovery-tick: { on: true')
    .replace('\n  restore_after_payment: null', `\n  restore_after_payment: ${rule}`);
  writeFileSync(policyFile, policy);
  workspace = await launch({ env: { SANDBOX_NOW: NOW, PSI_POLICY_FILE: policyFile }, timeoutMs: 150_000 });
  people = peopleOf(workspace.client, await workspace.client.state());
}, 180_000);
afterAll(() => workspace?.stop());

const asker = () => personOf(people, 'finance', 0);
const approver = () => personOf(people, 'finance', 1);

interface Row {
  id: string;
  tool: string;
  state: string;
  batch_id: string | null;
  batch_row: number;
  plan: string;
  decisions: string;
}

function approvalsOf(customerId: string): Row[] {
  return approvals().filter(({ plan }) => JSON.parse(plan).customer?.id === customerId);
}

function approvalsNamed(name: string): { customerId: string }[] {
  const customers = approvals().map(({ plan }) => JSON.parse(plan).customer);
  return customers.filter((one) => one?.name === name).map(({ id }) => ({ customerId: id }));
}

function approvals(): Row[] {
  const db = new Database(join(workspace.dataDir, 'psi.db'), { readonly: true });
  try {
    return db.prepare<[], Row>('SELECT * FROM approvals ORDER BY created_at, batch_row').all();
  } finally {
    db.close();
  }
}

const effectsOf = async (customerId: string) =>
  (await workspace.client.effects()).filter(({ customer }) => customer === customerId);

/** Approves what waits for this customer, on the card of the morning or on one of its own. */
async function approve(customerId: string): Promise<Row> {
  const row = approvalsOf(customerId).find(({ state }) => state === 'pending');
  if (!row) throw new Error('nothing waits for them');
  const [action, value] =
    row.batch_id === null
      ? ['approval.approve', row.id]
      : ['approval.row.approve', `${row.batch_id}:${row.batch_row}`];
  const { channels } = await workspace.client.state();
  for (const channel of channels.filter(
    ({ type, members }) => type === 'im' && members.includes(approver().id),
  )) {
    const messages = await workspace.client.messages({ channel: channel.id, viewer: approver().id });
    const card = messages.findLast((one) => JSON.stringify(one.blocks).includes(value));
    if (!card || !buttonOf(card, action)) continue;
    const click = { user: approver().id, channel: channel.id, message_ts: card.ts, action_id: action, value };
    await workspace.client.click(click);
    await workspace.client.wait(60_000);
    return row;
  }
  throw new Error(`no card for ${row.plan}`);
}

async function customerNamed(kind: string): Promise<{ id: string; name: string }> {
  const { id, name } = await workspace.client.pick('customer', kind);
  return { id: String(id), name: String(name) };
}

async function answerTo(text: string): Promise<string> {
  return (await asker().ask(text)).answer();
}

describe('a failed payment', () => {
  it('is not charged again more often than the bank and the network allow, whoever asks', async () => {
    const { client } = workspace;
    // Reported lost: nobody may try it again.
    expect(await answerTo('retry the failed payment of Okapi Studios')).toMatch(
      /forbids another attempt|not to try this card again/,
    );

    const again = 'retry the failed payment of Hoshino Foods';
    expect(await answerTo(again)).toMatch(/Charge ¥40,480 to Hoshino Foods again/);
    const hoshino = approvalsNamed('Hoshino Foods')[0];
    await approve(hoshino?.customerId ?? '');
    const refused = await answerTo(again);
    expect(refused).toMatch(/less than 24 hours ago|asked to wait longer/);
    expect(refused).toMatch(/may be tried again from/);
    const charges = (await client.effects()).filter(({ kind }) => kind === 'payment.retried');
    expect(charges.map(({ customer }) => customer)).toEqual([hoshino?.customerId]);
  }, 60_000);

  it('is charged again at its time once approved, and access comes back within a minute of the payment', async () => {
    const { client } = workspace;
    const late = await customerNamed('healthy');
    await client.event({ type: 'payment_failed', customer: late.id, decline_code: 'processing_error' });
    await client.wait(60_000);
    await asker().ask(`throttle the API of ${late.name}`);
    await approve(late.id);
    expect((await client.truth('service_level', { customer: late.id })).value).toBe(2);

    // Tuesday's card has the charge: a day after the failure, in the morning. Monday's had nothing for them.
    await client.clock({ now: '2026-11-24T08:31:00-08:00' });
    await client.wait(60_000);
    const retry = await approve(late.id);
    expect(retry).toMatchObject({ tool: 'retry_payment' });
    expect(retry.batch_id).not.toBeNull();
    await client.wait(60_000);

    const effects = await effectsOf(late.id);
    expect(effects.map(({ kind }) => kind)).toEqual([
      'service.restricted',
      'payment.retried',
      'service.restored',
    ]);
    const [, paid, restored] = effects.map(({ at }) => Date.parse(at));
    expect((restored ?? 0) - (paid ?? 0)).toBeLessThan(60_000);
    expect((await client.truth('service_level', { customer: late.id })).value).toBe(0);
    const decided = approvalsOf(late.id).find(({ tool }) => tool === 'restore_service');
    expect(decided?.decisions).toMatch(/Maya Okafor, by a standing rule/);

    // Each was charged once, and the lost card never.
    const charges = (await client.effects()).filter(({ kind }) => kind === 'payment.retried');
    expect(charges.map(({ customer }) => customer)).toEqual([
      approvalsNamed('Hoshino Foods')[0]?.customerId,
      late.id,
    ]);
    expect(await answerTo('recovery report')).toMatch(/came in within 28 days/);
  }, 240_000);
});
