import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/domain/ports.ts';
import { SCOPES } from '../../src/domain/types.ts';
import { newId } from '../../src/lib/ids.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { openCheckpoints } from '../../src/skills/checkpoints.ts';
import invoiceReminders from '../../src/skills/invoice-reminders/invoice-reminders.ts';
import { createSkillRuns, type SkillEngine } from '../../src/skills/skill-runs.ts';
import { openCheckpointFile } from '../../src/store/checkpoint-file.ts';
import { createReceiptStore } from '../../src/store/receipts.ts';
import { tools } from '../../src/tools/index.ts';
import { createToolRunner } from '../../src/tools/run-tool.ts';
import {
  acme,
  globex,
  invoice,
  openWorkspace,
  people,
  place,
  type Workspace,
} from '../approvals/workspace.ts';
import { billingSettings } from '../quiet-ports.ts';

const { fay, flo } = people;
const DAY = 86_400_000;
const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };

let w: Workspace;
let runs: SkillEngine;
let ports: Ports;

function due(id: string, days: number, over: Parameters<typeof invoice>[1] = {}) {
  w.outside.invoices.set(id, invoice(id, { number: `NO-${id}`, dueAt: w.clock.now() + days * DAY, ...over }));
}
const ofGlobex = { customerId: globex.id, customerName: globex.name };

beforeEach(() => {
  w = openWorkspace();
  w.outside.invoices.clear();
  const { principal: _, place: __, ...over } = w.context(fay);
  ports = {
    ...over,
    records: {
      ...over.records,
      listInvoices: async () => {
        const rows = [...w.outside.invoices.values()].filter(({ status }) => status === 'open');
        return { rows, total: rows.length };
      },
    },
    sources: {
      status: async () => [],
      refresh: async () => undefined,
      freshness: async () => [{ source: 'stripe', throughAt: w.clock.now(), stale: false }],
    },
  };
  const runner = createToolRunner({
    ...{ tools, ports, company, door: w.door, clock: w.clock, logger: silentLogger },
    receipts: createReceiptStore(w.store),
    scopesOf: () => SCOPES,
    audit: async () => undefined,
  });
  runs = createSkillRuns({
    ...{
      skills: [invoiceReminders],
      cards: [],
      store: w.store,
      company,
      clock: w.clock,
      logger: silentLogger,
    },
    checkpoints: openCheckpoints(openCheckpointFile(':memory:')),
    house: () => ({ runner, door: w.door, ports }),
    scopesOf: () => SCOPES,
    starterNow: async (starter) => starter,
    maxCustomers: () => 25,
    pending: w.pending,
    identity: { name: 'me', isGone: () => false },
    newId,
    failpoint: () => undefined,
    audit: async () => undefined,
  });
  w.door.onChange(runs.onApproval);
});
afterEach(() => w.close());

const morning = (key: string) =>
  runs.start({
    ...{ skill: invoiceReminders.name, input: {}, principal: fay, place, key },
    signal: new AbortController().signal,
  });
const titles = async () => (await w.door.waitingFor(flo)).map(({ plan }) => plan.title);

describe('the morning round of invoice reminders', () => {
  it('puts what falls due by the ladder on one card, one a customer, and sends nothing by itself', async () => {
    due('in_a', 2);
    due('in_b', -7);
    due('in_c', 0, ofGlobex);
    due('in_d', 10, { ...ofGlobex, number: 'NO-far' });
    const run = await morning('mon');
    expect(run.state).toBe('parked');
    expect((await titles()).sort()).toEqual([
      'Remind Acme Robotics about $120.00 on invoice NO-in_b',
      'Remind Globex about $120.00 on invoice NO-in_c',
    ]);
    expect(run.summary).toMatch(/1 due now, 1 a week late/);
    expect(w.outside.mails).toEqual([]);
  });

  it('sends what was approved, and asks no second time for that step', async () => {
    due('in_a', -7);
    await morning('mon');
    const [row] = await w.door.waitingFor(flo);
    await w.door.decide({ approvalId: row?.id ?? '', verdict: 'approve', by: flo });
    await w.settled();
    expect(w.outside.mails).toMatchObject([
      { text: expect.stringContaining('tell us when we can expect it') },
    ]);
    w.clock.advance(DAY);
    expect(await morning('tue')).toMatchObject({
      state: 'done',
      summary: 'No invoice reminder is due today.',
    });
  });

  it.each<[string, () => void]>([
    ['is paid', () => due('in_a', -7, { status: 'paid' })],
    ['is covered', () => due('in_a', -7, { amountRemaining: { minor: 0, currency: 'USD' } })],
    [
      'is of a customer who asked for none',
      () => {
        due('in_a', -7);
        const customer = { channel: 'email', email: null, name: null, at: null, tz: null } as const;
        const chosen = { ...customer, language: null, slack_channel: null, reminders: false };
        const delivery = { at: null, customers: { [acme.id]: chosen } };
        ports.billing = { ...ports.billing, settings: () => ({ ...billingSettings, delivery }) };
      },
    ],
    [
      'goes to an address from which mail comes back',
      () => {
        due('in_a', -7);
        const suppression = async (address: string) => ({ address, reason: 'no such mailbox', at: 0 });
        ports.deliveries = { ...ports.deliveries, suppression };
      },
    ],
  ])('leaves alone what %s', async (_name, given) => {
    given();
    expect((await morning('mon')).summary).toBe('No invoice reminder is due today.');
  });
});
