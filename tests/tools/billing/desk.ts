import type { InvoiceDocument } from '../../../src/domain/billing/document/invoice-document.ts';
import type { InvoiceGateway, OutsideInvoice } from '../../../src/domain/billing/gateways.ts';
import type { BillingDesk } from '../../../src/domain/billing/run/billing-desk.ts';
import { planRun } from '../../../src/domain/billing/run/plan-run.ts';
import { BY_TOTALS } from '../../../src/domain/billing/run/usage-evidence.ts';
import { UserError } from '../../../src/lib/errors.ts';
import { createBillingRuns } from '../../../src/store/billing-runs.ts';
import { createUsageStore } from '../../../src/store/usage-store.ts';
import { monthBases } from '../../../src/tools/billing/month-bases.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import { acme, openWorkspace, people, type Workspace } from '../../approvals/workspace.ts';
import { basis, END, START, source, subscription } from '../../domain/billing/run/given.ts';
import { billingSettings, nothingMetered } from '../../quiet-ports.ts';

/** Acme called 1,500 times in October on a plan that includes 1,000. */
export interface BillingRoom {
  ctx: ToolContext;
  desk: BillingDesk;
  /** Stripe's invoices by id. */
  outside: Map<string, OutsideInvoice>;
  kept: InvoiceDocument[];
  /** Takes a usage event of Acme in, as late as it comes. */
  late(event: { id: string; at: number; calls: number }): void;
  /** What Acme called, to be changed by a test. */
  usage: { calls: number };
  /** Puts October's draft for Acme into the store and gives its id. */
  draft(over?: { problems?: string[] }): Promise<string>;
  close(): void;
}

export function openBilling(): BillingRoom {
  const workspace = openWorkspace();
  const context = workspace.context(people.fay);
  const usage = { calls: 1_500 };
  const outside = new Map<string, OutsideInvoice>();
  const kept: InvoiceDocument[] = [];
  const metered = createUsageStore(workspace.store, { settings: { unknownCustomers: 'accept' } });
  const desk: BillingDesk = {
    settings: () => billingSettings,
    runs: createBillingRuns({ store: workspace.store, clock: context.clock, tz: context.company.tz }),
    invoices: gatewayOver(outside),
    source: {
      callsByDay: async () => new Map([[acme.id, new Map([[START, usage.calls]])]]),
      plans: async () => [...source.plans],
    },
    metering: { ...nothingMetered, ...metered },
    keep: async (document) => {
      kept.push(document);
      return `/invoices/${document.number}.pdf`;
    },
    draw: async () => new Uint8Array(),
  };
  const ofAcme = { customerId: acme.id, customerName: acme.name, country: 'US', currency: 'USD' };
  const inOctober = ({ startAt, endAt }: { startAt: number; endAt: number }) =>
    startAt <= START && endAt > START;
  const ctx: ToolContext = {
    ...context,
    billing: desk,
    facts: {
      ...context.facts,
      planCatalogue: async () => [...source.plans],
      subscriptionsTouching: async () => [subscription()],
      usageIn: async (period, _filter, group) => {
        if (!inOctober(period)) return [];
        const name = group === 'customer' ? acme.id : String(START);
        return [{ group: name, calls: usage.calls, errors4xx: 0, errors5xx: 0, rows: 1 }];
      },
      customerUsageIn: async (period) =>
        inOctober(period)
          ? [
              { ...subscription(), ...ofAcme, category: 'geocoding', calls: usage.calls - 300, rows: 1 },
              { ...subscription(), ...ofAcme, category: 'routing', calls: 300, rows: 1 },
            ]
          : [],
    },
  };
  return {
    ...{ ctx, desk, outside, kept, usage },
    late: ({ id, at, calls }) => {
      const event = {
        source: 'psizero',
        id,
        meter: 'api_calls',
        customerId: acme.id,
        at,
        value: String(calls),
      };
      const nowAt = context.clock.now();
      metered.ingest([{ ...event, properties: {} }], billingSettings.entity.conventions, nowAt);
    },
    draft: async ({ problems = [] } = {}) => {
      const drafts = planRun({
        bases: [basis],
        conventions: billingSettings.entity.conventions,
        source,
        problems: problems.map((words) => ({ customerId: acme.id, words })),
        flags: new Map([[acme.id, ['Unusual: much.']]]),
      });
      const run = await desk.runs.open({ entityId: 'main', month: '2026-10', startAt: START, endAt: END });
      const saved = await desk.runs.saveDrafts(run.id, drafts, source.evidence.basis);
      const invoice = saved.find(({ state }) => state !== 'unwound');
      if (!invoice) throw new Error('no draft');
      return invoice.id;
    },
    close: () => workspace.close(),
  };
}

/**
 * Lets a workspace bill any sum: the draft `rinv_<minor>` is one over so many cents, for Acme, and `rinv_out_<minor>`
 * one that was issued.
 * @returns Stripe's invoices by id.
 */
export function billAnySum(workspace: Workspace): Map<string, OutsideInvoice> {
  const outside = new Map<string, OutsideInvoice>();
  const context = workspace.context(people.fay);
  let calls = 0;
  const nothing = async () => undefined;
  const none = async () => null;
  const runs: BillingDesk['runs'] = {
    ...context.billing.runs,
    get: async (id) => {
      const out = id.startsWith('rinv_out_');
      calls = Number(id.replace(/^rinv_(?:out_)?/, ''));
      const [priced] = await monthBases(workspace.context(people.fay), october, acme.id);
      if (!priced) return null;
      const sum = { calls, included: 0, minor: calls };
      return {
        ...{ id, runId: 'brun_1', state: out ? 'issued' : 'draft', basis: priced },
        ...{ subtotalMinor: calls, taxMinor: 0, totalMinor: calls, flags: [], problems: [] },
        proof: { holds: true, billed: sum, found: sum, basis: BY_TOTALS, days: [], difference: null },
        ...{ stripeInvoiceId: out ? `in_${calls}` : null, number: out ? `PSI-${calls}` : null },
        ...{ document: null, pdfPath: null, issuedAt: out ? END : null },
      };
    },
    giveNumber: async () => ({ number: 'PSI-1', givenAt: END }),
    markIssued: nothing,
    markUnwound: nothing,
    ofMonth: none,
  };
  const facts: ToolContext['facts'] = {
    ...context.facts,
    planCatalogue: async () => [{ plan: 'growth', includedCalls: 0, overagePrices: { USD: 1_000 } }],
    subscriptionsTouching: async () => [subscription()],
    usageIn: async ({ startAt, endAt }, _filter, group) =>
      startAt <= START && endAt > START
        ? [
            {
              group: group === 'customer' ? acme.id : String(START),
              calls,
              errors4xx: 0,
              errors5xx: 0,
              rows: 1,
            },
          ]
        : [],
    customerUsageIn: async () => [{ ...subscription(), category: 'geocoding', calls, rows: 1 }],
  };
  const billing: BillingDesk = {
    ...context.billing,
    settings: () => billingSettings,
    invoices: gatewayOver(outside),
    runs,
    keep: async () => '/invoices/PSI-1.pdf',
  };
  workspace.more = { billing, facts };
  return outside;
}

const october = { startAt: START, endAt: END, tz: 'America/Los_Angeles', label: 'October' };

function gatewayOver(outside: Map<string, OutsideInvoice>): InvoiceGateway {
  const must = (id: string): OutsideInvoice => {
    const found = outside.get(id);
    if (!found) throw new UserError('not_found', `no invoice ${id}`);
    return found;
  };
  const put = (invoice: OutsideInvoice) => {
    outside.set(invoice.id, invoice);
    return invoice;
  };
  const refuse = async (): Promise<never> => {
    throw new UserError('unsupported', 'not here');
  };
  return {
    getInvoice: async (id) => must(id),
    createDraft: async ({ stripeCustomerId, currency, lines, metadata, idempotencyKey }) => {
      const minor = lines.reduce((sum, { amount }) => sum + amount.minor, 0);
      const money = { minor, currency };
      const none = { minor: 0, currency };
      return put({
        id: `in_${outside.size + 1}`,
        number: null,
        status: 'draft',
        stripeCustomerId,
        subtotal: money,
        tax: none,
        total: money,
        amountDue: money,
        amountPaid: none,
        amountRemaining: money,
        dueAt: END,
        hostedUrl: 'https://invoice.stripe.com/i/1',
        attemptCount: 0,
        lines: lines.map(({ key, description, amount, period }) => ({
          id: key,
          description,
          amount,
          period,
        })),
        metadata: { ...metadata, psi_effect_key: idempotencyKey },
      });
    },
    findInvoice: async (_customer, key) =>
      [...outside.values()].find(({ metadata }) => metadata.psi_effect_key === key) ?? null,
    finalise: async (id) => put({ ...must(id), status: 'open', number: 'STRIPE-1' }),
    deleteDraft: async (id) => void outside.delete(id),
    voidInvoice: async (id) => put({ ...must(id), status: 'void' }),
    markUncollectible: refuse,
    payOutside: refuse,
    pay: refuse,
  };
}
