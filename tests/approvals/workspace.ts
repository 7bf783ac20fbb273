import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createDoor, type DoorDeps } from '../../src/approvals/door.ts';
import { openPolicyFile } from '../../src/approvals/policy-file.ts';
import { createApprovalReader } from '../../src/approvals/reader.ts';
import type { Approval, Door } from '../../src/approvals/types.ts';
import type {
  CreditableInvoice,
  OfferedCoupon,
  OfferedPrice,
  OutsideInvoice,
  OutsideSubscription,
} from '../../src/domain/billing/gateways.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/mrr/setting.ts';
import type { PersonSettings } from '../../src/domain/people/settings.ts';
import type { InvoiceRecord, PaymentRecord, SubscriptionRecord } from '../../src/domain/ports.ts';
import type { Customer, Place, Principal, Role } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { UserError } from '../../src/lib/errors.ts';
import type { Failpoint } from '../../src/lib/failpoints.ts';
import { newId } from '../../src/lib/ids.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import issueInvoice from '../../src/tools/billing/issue-invoice.ts';
import unwindInvoice from '../../src/tools/billing/unwind-invoice.ts';
import matchPayment from '../../src/tools/books/match-payment.ts';
import applyCoupon from '../../src/tools/credits/apply-coupon.ts';
import changePlan from '../../src/tools/credits/change-plan.ts';
import issueCredit from '../../src/tools/credits/issue-credit.ts';
import issueCreditNote from '../../src/tools/credits/issue-credit-note.ts';
import voidInvoice from '../../src/tools/credits/void-invoice.ts';
import { type ConsequentialTool, defineTool, type ToolContext } from '../../src/tools/define-tool.ts';
import resendInvoice from '../../src/tools/invoices/resend-invoice.ts';
import sendPaymentReminder from '../../src/tools/invoices/send-payment-reminder.ts';
import refundPayment from '../../src/tools/payments/refund-payment.ts';
import restoreService from '../../src/tools/recovery/restore-service.ts';
import restrictService from '../../src/tools/recovery/restrict-service.ts';
import retryPayment from '../../src/tools/recovery/retry-payment.ts';
import sendRecoveryMail from '../../src/tools/recovery/send-recovery-mail.ts';
import { quietPorts } from '../quiet-ports.ts';
import { Outside } from './outside.ts';

export const TEAM = 'T1';
export const NOON = Date.parse('2026-11-24T20:00:00Z');
const HOUR = 3_600_000;

export function person(userId: string, roles: readonly Role[]): Principal {
  return { kind: 'user', teamId: TEAM, userId, name: userId, email: null, roles, tz: 'America/New_York' };
}

export const people = {
  ada: person('ada', ['founder']),
  ben: person('ben', ['founder']),
  fay: person('fay', ['finance']),
  flo: person('flo', ['finance']),
  sue: person('sue', ['success']),
  ann: person('ann', ['analyst']),
  vic: person('vic', ['viewer']),
  gus: person('gus', ['guest']),
};

export const place: Place = {
  teamId: TEAM,
  channelId: 'C1',
  threadTs: '1.1',
  kind: 'channel',
  internalOnly: true,
};

export const acme: Customer = {
  id: 'psz_acme',
  name: 'Acme Robotics',
  domain: 'acme.example',
  email: 'hello@acme.example',
  country: 'US',
  region: 'NA',
  currency: 'USD',
  segment: 'smb',
  channel: 'self-serve',
  ownerEmail: null,
  stripeCustomerId: 'cus_acme',
  signedUpAt: 0,
};
export const globex: Customer = {
  ...acme,
  id: 'psz_globex',
  name: 'Globex',
  email: 'hi@globex.example',
  stripeCustomerId: 'cus_globex',
  currency: 'EUR',
};

export function payment(
  id: string,
  minor: number,
  over: Partial<PaymentRecord> = {},
): PaymentRecord & { stripeCustomerId: string } {
  const currency = over.amount?.currency ?? 'USD';
  return {
    id,
    invoiceId: null,
    customerId: acme.id,
    customerName: acme.name,
    status: 'succeeded',
    amount: { minor, currency },
    amountRefunded: { minor: 0, currency },
    declineCode: null,
    method: 'card',
    disputed: false,
    createdAt: NOON - 24 * HOUR,
    stripeCustomerId: over.customerId === globex.id ? 'cus_globex' : 'cus_acme',
    ...over,
  };
}

export function invoice(id: string, over: Partial<InvoiceRecord> = {}): InvoiceRecord {
  const money = { minor: 12_000, currency: 'USD' };
  return {
    id,
    number: 'INV-0001',
    customerId: acme.id,
    customerName: acme.name,
    subscriptionId: null,
    status: 'open',
    total: money,
    tax: { ...money, minor: 0 },
    amountDue: money,
    amountPaid: { ...money, minor: 0 },
    amountRemaining: money,
    attemptCount: 0,
    hostedUrl: 'https://pay.example/i',
    createdAt: NOON - 40 * 24 * HOUR,
    finalizedAt: NOON - 40 * 24 * HOUR,
    dueAt: NOON - 10 * 24 * HOUR,
    paidAt: null,
    ...over,
  };
}

/** One line without tax, and nothing paid yet. */
export function creditable(
  id: string,
  minor: number,
  over: Partial<CreditableInvoice> = {},
): CreditableInvoice {
  const money = { minor, currency: 'USD' };
  return {
    id,
    number: 'INV-0001',
    status: 'open',
    stripeCustomerId: 'cus_acme',
    total: money,
    amountPaid: { ...money, minor: 0 },
    amountRemaining: money,
    lines: [
      {
        lineKey: 'il_1',
        description: 'PsiZero Scale',
        grossMinor: BigInt(minor),
        netMinor: BigInt(minor),
        taxes: [],
      },
    ],
    earlier: [],
    ...over,
  };
}

export function openInvoice(id: string, minor: number, over: Partial<OutsideInvoice> = {}): OutsideInvoice {
  const money = { minor, currency: 'USD' };
  const nothing = { ...money, minor: 0 };
  return {
    id,
    number: 'INV-0001',
    status: 'open',
    stripeCustomerId: 'cus_acme',
    ...{ subtotal: money, tax: nothing, total: money, amountDue: money },
    ...{ amountPaid: nothing, amountRemaining: money, dueAt: null, hostedUrl: null, attemptCount: 0 },
    ...{ lines: [], metadata: {} },
    ...over,
  };
}

/** Half over: 30 days of which 15 are left at the beginning of the company's day. */
export function subscription(id: string, minor: number, over: Partial<OutsideSubscription> = {}) {
  const day = Date.parse('2026-11-24T08:00:00Z');
  return {
    id,
    stripeCustomerId: 'cus_acme',
    status: 'active',
    itemId: 'si_1',
    priceId: 'price_growth',
    unitAmount: { minor, currency: 'USD' },
    quantity: 1,
    interval: 'month',
    intervalCount: 1,
    period: { startAt: day - 15 * 24 * HOUR, endAt: day + 15 * 24 * HOUR },
    ...{ trialEndAt: null, endsAt: null, couponIds: [], lastChangeKey: null },
    ...over,
  };
}

export function price(id: string, name: string, minor: number, over: Partial<OfferedPrice> = {}) {
  const unitAmount = { minor, currency: 'USD' };
  return { id, name, unitAmount, interval: 'month', intervalCount: 1, ...over };
}

export function coupon(id: string, over: Partial<OfferedCoupon> = {}): OfferedCoupon {
  const terms = { percentOff: '20', amountOff: null, duration: 'repeating' as const, months: 3 };
  return { id, name: null, ...terms, valid: true, ...over };
}

function subscriptionRecord(id: string): SubscriptionRecord {
  return {
    id,
    customerId: acme.id,
    plan: 'growth',
    status: 'active',
    price: { minor: 0, currency: 'USD' },
    quantity: 1,
    interval: 'month',
    ...{ startedAt: 0, currentPeriodEndAt: NOON, trialEndAt: null, cancelAtPeriodEnd: false, endedAt: null },
  };
}

const noChoices: PersonSettings = {
  briefing: { on: true, time: '08:00', tz: 'America/Los_Angeles', channels: ['slack'] },
  delegateId: null,
  awayUntilAt: null,
};

interface Lamp {
  on: boolean;
  calls: string[];
  fault: Error | null;
}

/** An action that can be undone: it switches something outside on and off. */
export function switchTool(outside: Lamp): ConsequentialTool {
  return defineTool({
    name: 'flip_switch',
    description: 'test',
    scope: 'billing:write',
    effect: 'consequential',
    movesMoney: false,
    input: z.strictObject({ lamp: z.string() }),
    examples: [{ say: 'flip', input: { lamp: 'a' } }],
    recognize: () => [],
    plan: async ({ lamp }) => ({
      title: `Switch on ${lamp}`,
      subject: { kind: 'lamp', id: lamp },
      customer: null,
      changes: [{ what: lamp, before: outside.on ? 'on' : 'off', after: 'on' }],
      touches: [],
      amount: null,
      policyAmount: null,
      reversible: { possible: true, how: 'Switch it off.' },
      warnings: [],
      facts: { on: outside.on },
    }),
    apply: async (_plan, _ctx, effects) => {
      await effects.perform({
        kind: 'lamp.switched',
        system: 'lamp',
        request: { on: true },
        ...lamp(outside, true),
      });
      return { summary: 'Switched on.', result: {} };
    },
    undo: async (_applied, _plan, _ctx, effects) => {
      await effects.perform({
        kind: 'lamp.switched',
        system: 'lamp',
        request: { on: false },
        ...lamp(outside, false),
      });
      return { summary: 'Switched off again.', result: {} };
    },
  });
}

function lamp(outside: Lamp, on: boolean) {
  return {
    send: async (key: string) => {
      outside.calls.push(key);
      if (outside.fault !== null) throw outside.fault;
      outside.on = on;
      return { outsideId: key, result: null };
    },
  };
}

export interface Workspace {
  outside: Outside;
  clock: ReturnType<typeof fixedClock>;
  members: Principal[];
  policyPath: string;
  readonly door: Door;
  readonly store: Store;
  readonly pending: PendingWork;
  changes: Approval[];
  nudges: { kind: string; people: string[]; batch?: string }[];
  /** Nobody can say who is in the workspace. */
  slackIsDown: boolean;
  /** Who is away, and who stands in for them. */
  away: { [userId: string]: Partial<PersonSettings> };
  /** The power is cut when this many more approval rows are about to be written. */
  dieAfterRows: number | null;
  lamp: Lamp;
  /** What tools reach besides, in place of what is there. */
  more: (Pick<ToolContext, 'billing' | 'facts'> & Partial<Pick<ToolContext, 'deliveries' | 'books'>>) | null;
  /** What recovery meets outside, in place of nothing. */
  recovery: (() => ToolContext['recovery']) | null;
  /** The next failpoint of this name cuts the power. */
  dieAt: Failpoint | null;
  context(principal: Principal): ToolContext;
  /** A process that has lost its store, and a new one on the same file. */
  restart(): void;
  /** A second door on the same file, as another process would have. */
  anotherDoor(): { door: Door; pending: PendingWork };
  editPolicy(change: (text: string) => string): void;
  settled(): Promise<void>;
  close(): void;
}

export function openWorkspace(members: Principal[] = Object.values(people)): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'psi-door-'));
  const policyPath = join(folder, 'policy.yml');
  const lampRule =
    '  flip_switch:\n    max_customers: 1\n    bands:\n      - { approvers: [finance, founder] }\n';
  const policy = readFileSync(join(projectRoot(), 'policy.yml'), 'utf8');
  writeFileSync(
    policyPath,
    policy.replace(/^tools:\n/m, (line) => line + lampRule),
  );
  const outside = new Outside();
  outside.payments.set('ch_1', payment('ch_1', 12_000));
  outside.invoices.set('in_1', invoice('in_1'));
  outside.creditable.set('in_1', creditable('in_1', 12_000));
  const clock = fixedClock(NOON);
  let current: { store: Store; door: Door; pending: PendingWork };
  let stamp = 0;

  const workspace: Workspace = {
    outside,
    clock,
    members,
    policyPath,
    get door() {
      return current.door;
    },
    get store() {
      return current.store;
    },
    get pending() {
      return current.pending;
    },
    changes: [],
    nudges: [],
    slackIsDown: false,
    away: {},
    dieAfterRows: null,
    lamp: { on: false, calls: [], fault: null },
    more: null,
    recovery: null,
    dieAt: null,
    context: (principal) => contextFor(workspace, principal),
    restart: () => {
      current = start();
    },
    anotherDoor: () => start(),
    editPolicy: (change) => {
      stamp += 1;
      writeFileSync(policyPath, `${change(readFileSync(policyPath, 'utf8'))}# ${'.'.repeat(stamp)}\n`);
    },
    settled: () => current.pending.drained(),
    close: () => {
      if (current.store.sqlite.open) current.store.sqlite.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function start() {
    const store = openStore(join(folder, 'psi.db'));
    const pending = new PendingWork();
    const deps: DoorDeps = {
      store,
      clock,
      company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
      policy: openPolicyFile(policyPath, () => undefined),
      tool: (name) =>
        [
          refundPayment,
          sendPaymentReminder,
          resendInvoice,
          issueInvoice,
          issueCredit,
          issueCreditNote,
          voidInvoice,
          unwindInvoice,
          applyCoupon,
          changePlan,
          retryPayment,
          sendRecoveryMail,
          restrictService,
          restoreService,
          matchPayment,
          switchTool(workspace.lamp),
        ].find((tool) => tool.name === name),
      contextFor: (principal) => contextFor(workspace, principal),
      members: async () => {
        if (workspace.slackIsDown) throw new Error('Slack does not answer');
        return workspace.members;
      },
      settings: { get: async ({ userId }) => ({ ...noChoices, ...workspace.away[userId] }) },
      logger: silentLogger,
      pending,
      newId: (prefix) => {
        if (prefix === 'apr' && workspace.dieAfterRows !== null) {
          workspace.dieAfterRows -= 1;
          if (workspace.dieAfterRows < 0) {
            workspace.dieAfterRows = null;
            // Inside a transaction the connection cannot be closed: it is left to roll back.
            setImmediate(() => store.sqlite.open && store.sqlite.close());
            throw new Error('power cut while rows were written');
          }
        }
        return newId(prefix);
      },
      failpoint: (name) => {
        if (workspace.dieAt !== name) return;
        workspace.dieAt = null;
        store.sqlite.close();
        throw new Error(`power cut at ${name}`);
      },
    };
    const door = createDoor(deps);
    door.onChange(async (approval) => {
      workspace.changes.push(approval);
    });
    door.onNudge(async ({ kind, people: whom, batch }) => {
      const people = whom.map((one) => one.userId);
      workspace.nudges.push({ kind, people, ...(batch === null ? {} : { batch: batch.title }) });
    });
    return { store, door, pending };
  }

  current = start();
  return workspace;
}

function contextFor(workspace: Workspace, principal: Principal): ToolContext {
  const { outside, clock } = workspace;
  const customers = [acme, globex];
  const none = async () => [];
  return {
    principal,
    place,
    company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
    clock,
    signal: new AbortController().signal,
    payments: outside.gateway,
    mail: outside.mail,
    approvals: createApprovalReader(workspace.store),
    ...quietPorts,
    credits: outside.credits,
    billing: { ...quietPorts.billing, invoices: outside.invoicing },
    customers: {
      get: async (id) => customers.find((one) => one.id === id) ?? null,
      resolve: async (reference) => {
        const found = customers.find(
          (one) => one.id === reference || one.name.toLowerCase().startsWith(reference.toLowerCase()),
        );
        if (found === undefined) throw new UserError('not_found', `No customer is called ${reference}.`);
        return found;
      },
      search: none,
      mentionedIn: none,
    },
    records: {
      listInvoices: async ({ customerId, state, at }) => {
        const rows = [...outside.invoices.values()].filter(
          (one) =>
            one.customerId === customerId &&
            one.status === 'open' &&
            (state === undefined || (state === 'overdue') === (one.dueAt !== null && one.dueAt < at)),
        );
        return { rows, total: rows.length };
      },
      getInvoice: async (reference) =>
        [...outside.invoices.values()].find((one) => one.id === reference || one.number === reference) ??
        null,
      listPayments: async ({ customerId }) => {
        const rows = [...outside.payments.values()].filter((one) => one.customerId === customerId);
        return { rows, total: rows.length };
      },
      getPayment: async (id) => outside.payments.get(id) ?? null,
      listTickets: async () => ({ rows: [], total: 0 }),
      listSubscriptions: async (customerId) =>
        customerId === acme.id ? [...outside.subscriptions.keys()].map(subscriptionRecord) : [],
      listContacts: async () => [
        { email: 'dev@acme.example', name: 'Dev', role: 'developer' },
        { email: 'billing@acme.example', name: 'Bill', role: 'billing' },
      ],
    },
    sources: { status: none, freshness: none, refresh: async () => undefined },
    facts: {
      settings: () => DEFAULT_SETTINGS,
      invoicesFinalizedIn: none,
      prepaidAt: none,
      firstInvoicesPaid: none,
      paymentsIn: none,
      subscriptionsAt: none,
      subscriptionsTouching: none,
      invoicesPaidIn: none,
      invoicesOpenAt: none,
      refundsIn: none,
      creditNotesIn: none,
      failedPaymentsIn: none,
      signupsIn: none,
      ticketsOpenAt: none,
      ticketsIn: none,
      ticketTextsIn: none,
      customerUsageIn: none,
      planCatalogue: none,
      incidentsDuring: none,
      turnsIn: none,
      proposalsIn: none,
      briefingsIn: async () => 0,
      usageIn: none,
      latencyIn: async () => ({ counts: [], hours: 0 }),
      incidentsTouching: none,
      fxRates: async () => [
        { day: '2026-11-23', currency: 'EUR', rate: '1.05' },
        { day: '2026-11-24', currency: 'EUR', rate: '1.10' },
      ],
    },
    ...workspace.more,
    ...(workspace.recovery === null ? {} : { recovery: workspace.recovery() }),
  };
}

export function proposeRefund(
  workspace: Workspace,
  requester: Principal,
  over: { [key: string]: string } = {},
): Promise<Approval> {
  return workspace.door.propose({
    tool: 'refund_payment',
    input: { customer: 'Acme', ...over },
    requester,
    place,
  });
}

export async function approve(workspace: Workspace, id: string, by: Principal, typedAmount?: string) {
  const outcome = await workspace.door.decide({
    approvalId: id,
    verdict: 'approve',
    by,
    ...(typedAmount === undefined ? {} : { typedAmount }),
  });
  await workspace.settled();
  return outcome;
}
