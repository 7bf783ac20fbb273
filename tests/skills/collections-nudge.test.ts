import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/domain/ports.ts';
import { type Json, SCOPES } from '../../src/domain/types.ts';
import { newId } from '../../src/lib/ids.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { openCheckpoints } from '../../src/skills/checkpoints.ts';
import collectionsNudge from '../../src/skills/collections-nudge/collections-nudge.ts';
import { createSkillRuns, type SkillEngine } from '../../src/skills/skill-runs.ts';
import { openCheckpointFile } from '../../src/store/checkpoint-file.ts';
import { createReceiptStore } from '../../src/store/receipts.ts';
import { tools } from '../../src/tools/index.ts';
import { createToolRunner } from '../../src/tools/run-tool.ts';
import {
  globex,
  invoice,
  openWorkspace,
  payment,
  people,
  place,
  type Workspace,
} from '../approvals/workspace.ts';

const { fay, flo, sue } = people;
const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
const euros = (minor: number) => ({ minor, currency: 'EUR' });

let w: Workspace;
let runs: SkillEngine;
let told: string[];
let most: number;

beforeEach(() => {
  w = openWorkspace();
  most = 25;
  told = [];
  w.outside.invoices.set(
    'in_2',
    invoice('in_2', {
      number: 'INV-0002',
      customerId: globex.id,
      customerName: globex.name,
      amountRemaining: euros(5_000),
      total: euros(5_000),
    }),
  );
  const { principal: _, place: __, ...over } = w.context(fay);
  const ports: Ports = {
    ...over,
    records: {
      ...over.records,
      listInvoices: async ({ at }) => {
        const rows = [...w.outside.invoices.values()].filter(
          (one) => one.status === 'open' && (one.dueAt ?? at) < at,
        );
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
    tools,
    ports,
    door: w.door,
    receipts: createReceiptStore(w.store),
    scopesOf: () => SCOPES,
    company,
    clock: w.clock,
    logger: silentLogger,
    audit: async () => undefined,
  });
  runs = createSkillRuns({
    skills: [collectionsNudge],
    cards: [],
    store: w.store,
    checkpoints: openCheckpoints(openCheckpointFile(':memory:')),
    house: () => ({ runner, door: w.door, ports }),
    scopesOf: () => SCOPES,
    starterNow: async (starter) => starter,
    maxCustomers: () => most,
    company,
    clock: w.clock,
    logger: silentLogger,
    pending: w.pending,
    identity: { name: 'me', isGone: () => false },
    newId,
    failpoint: () => undefined,
    audit: async () => undefined,
  });
  w.door.onChange(runs.onApproval);
  runs.onEnded(async (end) => {
    told.push(end.text);
  });
});
afterEach(() => w.close());

const start = (key = 'k', input: { [key: string]: Json } = {}) =>
  runs.start({
    skill: collectionsNudge.name,
    input,
    principal: fay,
    place,
    key,
    signal: new AbortController().signal,
  });

/** The rows of the card, by customer. */
async function rowOf(customer: string) {
  const waiting = await w.door.waitingFor(flo);
  const row = waiting.find((approval) => approval.plan.customer?.name === customer);
  if (!row) throw new Error(`no row for ${customer}`);
  return row.id;
}

async function decide(customer: string, verdict: 'approve' | 'reject', by = flo) {
  await w.door.decide({ approvalId: await rowOf(customer), verdict, by });
  await w.settled();
}

describe('everybody who is overdue', () => {
  it('gets a row on one card; what is approved is sent, what is not is not, and each is reported with who decided', async () => {
    const run = await start();
    expect(run).toMatchObject({ state: 'parked', step: 'decisions' });
    expect(run.summary).toMatch(
      /Proposed 2 payment reminders, about .*\$120\.00.*€50\.00|€50\.00.*\$120\.00/,
    );
    expect(w.outside.mails).toEqual([]);
    await decide('Acme Robotics', 'approve');
    expect(told).toEqual([]);
    await decide('Globex', 'reject', sue);
    expect(w.outside.mails).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^1 of 2 payment reminders sent, about \$120\.00\./);
    expect(told[0]).toMatch(/Sent \(1\): Acme Robotics \$120\.00, approved by flo/);
    expect(told[0]).toMatch(/Excluded \(1\): Globex €50\.00, by sue/);
  });

  it('is asked for in the name of whoever started it, who cannot approve it', async () => {
    await start();
    const outcome = await w.door.decide({ approvalId: await rowOf('Globex'), verdict: 'approve', by: fay });
    expect(outcome.status).toBe('not_allowed');
    expect(w.outside.mails).toEqual([]);
  });

  it('who has paid meanwhile gets no mail, and is said to have paid', async () => {
    await start();
    const paid = w.outside.invoices.get('in_2') ?? invoice('in_2');
    w.outside.invoices.set('in_2', { ...paid, status: 'paid', amountRemaining: euros(0) });
    await decide('Globex', 'approve');
    await decide('Acme Robotics', 'approve');
    expect(w.outside.mails).toHaveLength(1);
    expect(told[0]).toMatch(/Paid meanwhile \(1\): Globex/);
  });

  it('a row that was edited counts as the one it became', async () => {
    await start();
    const edited = {
      approvalId: await rowOf('Globex'),
      input: { invoice: 'in_2', note: 'See you soon.' },
      by: sue,
    };
    await w.door.edit(edited);
    await decide('Acme Robotics', 'reject');
    expect(told).toEqual([]);
    await decide('Globex', 'approve');
    expect(w.outside.mails.map((mail) => mail.text.includes('See you soon.'))).toEqual([true]);
    expect(told[0]).toMatch(/Sent \(1\): Globex/);
  });

  it('rows nobody decides expire and are reported as that', async () => {
    await start();
    w.clock.advance(25 * 3_600_000);
    await w.door.sweep();
    await w.settled();
    expect(told[0]).toMatch(/0 of 2 payment reminders sent\.\n• Expired \(2\)/);
  });

  it('a mail of which nobody knows is reported as just that', async () => {
    await start();
    w.outside.mailFault = 'lost_answer';
    await decide('Acme Robotics', 'approve');
    await decide('Globex', 'reject');
    expect(told).toEqual([]);
    w.clock.advance(31 * 60_000);
    await runs.sweep();
    await w.settled();
    expect(told[0]).toMatch(/Nobody can tell whether it was sent \(1\): Acme Robotics/);
  });
});

describe('only those who were asked for', () => {
  const waiting = async () =>
    (await w.door.waitingFor(flo)).map((approval) => approval.plan.customer?.name).sort();

  it('the first of them by amount', async () => {
    const run = await start('top', { top: 1 });
    expect(run.summary).toMatch(/Proposed 1 payment reminder/);
    expect(run.summary).not.toMatch(/did not fit/);
    expect(await waiting()).toHaveLength(1);
  });

  it('by name', async () => {
    await start('named', { customers: ['Globex'] });
    expect(await waiting()).toEqual(['Globex']);
  });

  it('all but one', async () => {
    await start('but', { exclude: ['Globex'] });
    expect(await waiting()).toEqual(['Acme Robotics']);
  });

  it('late by so many days, and nobody when nobody is', async () => {
    const run = await start('late', { minDaysLate: 3000 });
    expect(run).toMatchObject({ state: 'done' });
    expect(run.summary).toMatch(/No such invoice is overdue/);
    expect(await waiting()).toEqual([]);
  });

  it('who was named and owes nothing that late is named as left out', async () => {
    const run = await start('both', { customers: ['Globex', 'Acme Robotics'], minDaysLate: 3000 });
    expect(run.summary).toMatch(/Globex, Acme Robotics \(nothing is overdue by 3000 days\)/);
  });

  it('deciding one of two named leaves the other alive', async () => {
    await start('two', { customers: ['Globex', 'Acme Robotics'] });
    await decide('Globex', 'approve');
    expect(w.outside.mails).toHaveLength(1);
    expect(await waiting()).toEqual(['Acme Robotics']);
  });
});

describe('nobody is bothered twice', () => {
  it('while a reminder waits for a decision, or within a week of one', async () => {
    await start();
    const waiting = await start('second');
    expect(waiting).toMatchObject({ state: 'done' });
    expect(waiting.summary).toMatch(/nobody to remind today.*\n.*a reminder waits for a decision already/);
    await decide('Acme Robotics', 'approve');
    await decide('Globex', 'approve');
    const after = await start('third');
    expect(after.summary).toMatch(/reminded in the last 7 days/);
    w.clock.advance(8 * 86_400_000);
    expect((await start('fourth')).state).toBe('parked');
  });

  it('a customer with a disputed payment is left out by name', async () => {
    w.outside.payments.set('ch_1', payment('ch_1', 12_000, { disputed: true }));
    const run = await start();
    expect(run.summary).toMatch(/Proposed 1 payment reminder/);
    expect(run.summary).toMatch(/Acme Robotics \(a payment is disputed\)/);
  });

  it('no more customers than the policy allows; the others are counted', async () => {
    most = 1;
    const run = await start();
    expect(run.summary).toMatch(/Proposed 1 payment reminder/);
    expect(run.summary).toMatch(/1 more customer with overdue invoices did not fit/);
  });

  it('with nothing overdue there is no card', async () => {
    w.outside.invoices.clear();
    expect(await start()).toMatchObject({
      state: 'done',
      summary: expect.stringMatching(/No such invoice is overdue/),
    });
  });
});

it('stopping takes back what nobody has decided, and leaves what was sent', async () => {
  const run = await start();
  await decide('Acme Robotics', 'approve');
  await runs.stop(run.id, fay);
  await w.settled();
  expect(w.outside.mails).toHaveLength(1);
  expect(await w.door.waitingFor(flo)).toEqual([]);
});
