import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { OutsideInvoice } from '../../src/domain/billing/gateways.ts';
import type { Principal, Role } from '../../src/domain/types.ts';
import { UserError } from '../../src/lib/errors.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { tools } from '../../src/tools/index.ts';
import {
  acme,
  coupon,
  creditable,
  invoice,
  openInvoice,
  openWorkspace,
  payment,
  people,
  place,
  price,
  subscription,
  type Workspace,
} from '../approvals/workspace.ts';
import { exampleDocument } from '../domain/billing/document/example-document.ts';
import { quietPorts } from '../quiet-ports.ts';
import { billAnySum } from '../tools/billing/desk.ts';
import { openRecovery, type RecoveryRoom } from '../tools/recovery/desk.ts';

/**
 * Every role that may ask, every amount around a limit, everybody who may click, through the real door to the far
 * end of the network. What should happen is read from policy.yml here, by code of its own.
 */
interface RawBand {
  up_to?: number;
  approvers: Role[];
  approvals?: number;
  self_approval?: boolean;
  typed_amount?: boolean;
}
interface RawPolicy {
  scopes: Record<Role, 'all' | string[]>;
  tools: Record<string, { bands: RawBand[] }>;
}

const raw: RawPolicy = parse(readFileSync(join(projectRoot(), 'policy.yml'), 'utf8'));
const everybody = Object.values(people);
const machine: Principal = { ...people.ada, kind: 'schedule', userId: 'psi', name: 'Psi' };
const stranger: Principal = { ...people.fay, teamId: 'T_OTHER' };
const clickers = [...everybody, machine, stranger];

/** How each action is asked for with an amount, and what of it was seen outside. A new one is proved here too. */
const ACTIONS: Record<
  string,
  { input(minor: number | null): { [key: string]: string }; seen(workspace: Workspace): number }
> = {
  refund_payment: {
    input: (minor) => ({ payment: 'ch_1', amount: ((minor ?? 0) / 100).toFixed(2), currency: 'USD' }),
    seen: ({ outside }) => outside.refunds.length,
  },
  issue_credit: {
    input: (minor) => ({ customer: 'Acme', amount: ((minor ?? 0) / 100).toFixed(2), currency: 'USD' }),
    seen: ({ outside }) => outside.balanceCredits.length,
  },
  issue_credit_note: {
    input: (minor) => ({ invoice: 'in_1', amount: ((minor ?? 0) / 100).toFixed(2), currency: 'USD' }),
    seen: ({ outside }) => outside.creditNotes.length,
  },
  void_invoice: {
    input: (minor) => ({ invoice: `in_${minor}` }),
    seen: ({ outside }) => outside.voided.length,
  },
  apply_coupon: {
    input: (minor) => ({ customer: 'Acme', coupon: `off_${minor}` }),
    seen: ({ outside }) => outside.changes.length,
  },
  change_plan: {
    input: (minor) => ({ customer: 'Acme', plan: `price_${minor}` }),
    seen: ({ outside }) => outside.changes.length,
  },
  issue_invoice: {
    input: (minor) => ({ invoice: `rinv_${minor ?? 1}` }),
    seen: (workspace) =>
      [...(billed.get(workspace)?.values() ?? [])].filter(({ status }) => status === 'open').length,
  },
  unwind_invoice: {
    input: (minor) => ({ invoice: `rinv_out_${minor ?? 1}` }),
    seen: ({ outside }) => outside.voided.length,
  },
  resend_invoice: {
    input: () => ({ invoice: 'rinv_sent' }),
    seen: (workspace) => sent.get(workspace) ?? 0,
  },
  match_payment: {
    input: (minor) => ({ invoice: `in_${minor}` }),
    seen: (workspace) => transferred.get(workspace)?.size ?? 0,
  },
  send_payment_reminder: {
    input: () => ({ customer: 'Acme' }),
    seen: ({ outside }) => outside.mails.length,
  },
  retry_payment: {
    input: (minor) => ({ invoice: `in_${minor}` }),
    seen: (workspace) => owed.get(workspace)?.charged.length ?? 0,
  },
  send_recovery_mail: {
    input: () => ({ customer: 'Acme' }),
    seen: ({ outside }) => outside.mails.length,
  },
  restrict_service: {
    input: () => ({ customer: 'Acme', level: 'throttled' }),
    seen: (workspace) => Number(owed.get(workspace)?.levels.get('psz_acme')?.level === 'throttled'),
  },
  restore_service: {
    input: () => ({ customer: 'Acme' }),
    seen: (workspace) => Number(owed.get(workspace)?.levels.get('psz_acme')?.level === 'full'),
  },
};

/** What recovery meets, by the workspace. */
const owed = new WeakMap<Workspace, RecoveryRoom>();

/** Stripe's invoices, by the workspace they were made in. */
const billed = new WeakMap<Workspace, ReturnType<typeof billAnySum>>();

/** Invoices that were marked as paid by bank transfer, by workspace. */
const transferred = new WeakMap<Workspace, Map<string, OutsideInvoice>>();

/** How many invoices were put on their way, by workspace. */
const sent = new WeakMap<Workspace, number>();

const consequential = tools.flatMap((tool) => (tool.effect === 'consequential' ? [tool] : []));

interface Expected {
  band: RawBand | null;
  mayAsk: boolean;
}

function expectedOf(tool: { name: string; scope: string }, minor: number | null, asker: Principal): Expected {
  const scopes = asker.roles.map((role) => raw.scopes[role]);
  const mayAsk = scopes.some((held) => held === 'all' || held.includes(tool.scope));
  const bands = raw.tools[tool.name]?.bands ?? [];
  const band = bands.find(({ up_to }) => up_to === undefined || (minor ?? 0) <= up_to * 100) ?? null;
  return { band, mayAsk };
}

/** Whether this click may count as a yes: a person of this company, in a role of the band, not the asker. */
function counts(band: RawBand, asker: Principal, by: Principal, typed: boolean): boolean {
  const own = by.userId === asker.userId;
  if (by.kind !== 'user' || by.teamId !== asker.teamId) return false;
  if (!by.roles.some((role) => band.approvers.includes(role))) return false;
  return !own || (band.self_approval === true && (band.typed_amount !== true || typed));
}

let open: Workspace[] = [];
afterEach(() => {
  for (const workspace of open) workspace.close();
  open = [];
});

function start(): Workspace {
  const workspace = openWorkspace();
  workspace.outside.payments.set('ch_1', payment('ch_1', 20_000_000));
  workspace.outside.creditable.set('in_1', creditable('in_1', 20_000_000));
  sellEverything(workspace);
  billed.set(workspace, billAnySum(workspace));
  voidHere(workspace);
  sendHere(workspace);
  bankHere(workspace);
  open.push(workspace);
  return workspace;
}

/** Invoices of ours are voided at the far end too, beside those a close makes. */
function voidHere(workspace: Workspace): void {
  const { more, outside } = workspace;
  if (more === null) return;
  const { invoices } = more.billing;
  const { voidInvoice } = outside.invoicing;
  const getInvoice = (id: string) => (outside.open.has(id) ? outside.invoicing : invoices).getInvoice(id);
  workspace.more = {
    ...more,
    billing: { ...more.billing, invoices: { ...invoices, voidInvoice, getInvoice } },
  };
}

/** `rinv_sent` is an invoice that was issued; whatever is put on its way is counted. */
function sendHere(workspace: Workspace): void {
  const { more } = workspace;
  if (more === null) return;
  const { runs } = more.billing;
  const issued = {
    state: 'issued',
    number: 'PSI-1',
    pdfPath: '/PSI-1.pdf',
    stripeInvoiceId: 'in_sent',
  } as const;
  const get: typeof runs.get = async (id) => {
    const draft = await runs.get(id === 'rinv_sent' ? 'rinv_1' : id);
    return draft && id === 'rinv_sent' ? { ...draft, id, ...issued, document: exampleDocument() } : draft;
  };
  const { deliveries } = quietPorts;
  workspace.more = {
    ...more,
    billing: { ...more.billing, runs: { ...runs, get } },
    deliveries: {
      ...deliveries,
      deliver: async (...asked) => {
        sent.set(workspace, (sent.get(workspace) ?? 0) + 1);
        return deliveries.deliver(...asked);
      },
    },
  };
}

/** Every invoice at the far end is one the books know to be owed, and may be paid outside. */
function bankHere(workspace: Workspace): void {
  const { more, outside } = workspace;
  if (more === null) return;
  const paid = new Map<string, OutsideInvoice>();
  transferred.set(workspace, paid);
  const { invoices } = more.billing;
  workspace.more = {
    ...more,
    billing: {
      ...more.billing,
      invoices: {
        ...invoices,
        getInvoice: async (id) => paid.get(id) ?? invoices.getInvoice(id),
        payOutside: async (id) => {
          const invoice = { ...(await invoices.getInvoice(id)), status: 'paid' as const };
          paid.set(id, invoice);
          return invoice;
        },
      },
    },
    books: {
      ...quietPorts.books,
      openInvoices: async () =>
        [...outside.open.values()].map(({ id, amountRemaining }) => ({
          ...{ id, number: id, customerId: acme.id, customerName: acme.name, issuedAt: 0, dueAt: 0 },
          ...{ currency: amountRemaining.currency, remainingMinor: BigInt(amountRemaining.minor) },
        })),
    },
  };
}

/** An invoice, a coupon and a price of every amount that is walked through. */
function sellEverything({ outside }: Workspace): void {
  const base = 20_000_000;
  outside.subscriptions.set('sub_1', subscription('sub_1', base));
  for (const minor of new Set(consequential.flatMap(amountsOf))) {
    if (minor === null) continue;
    outside.invoices.set(
      `in_${minor}`,
      invoice(`in_${minor}`, { amountRemaining: { minor, currency: 'USD' } }),
    );
    outside.open.set(`in_${minor}`, openInvoice(`in_${minor}`, minor));
    outside.coupons.push(coupon(`off_${minor}`, { percentOff: null, amountOff: { minor, currency: 'USD' } }));
    outside.prices.push(price(`price_${minor}`, `Plan ${minor}`, base + minor));
  }
}

function amountsOf(tool: { name: string; movesMoney: boolean }): (number | null)[] {
  if (!tool.movesMoney) return [null];
  const limits = (raw.tools[tool.name]?.bands ?? []).flatMap(({ up_to }) => up_to ?? []);
  return [1, ...limits.flatMap((limit) => [limit * 100, limit * 100 + 1])];
}

/** Payments of all these sums failed; who is to be restored is suspended first. */
function owe(workspace: Workspace, tool: string): void {
  const minors = consequential.flatMap(amountsOf).flatMap((minor) => minor ?? []);
  const room = openRecovery(workspace, [...new Set(minors)]);
  if (tool === 'restore_service') room.levels.set('psz_acme', { level: 'suspended', key: null });
  owed.set(workspace, room);
}

async function asked(workspace: Workspace, tool: string, minor: number | null, requester: Principal) {
  owe(workspace, tool);
  try {
    const input = ACTIONS[tool]?.input(minor) ?? {};
    return await workspace.door.propose({ tool, input, requester, place });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

async function click(workspace: Workspace, approvalId: string, by: Principal, typed: string | null) {
  const typedAmount = typed === null ? {} : { typedAmount: typed };
  const { status } = await workspace.door.decide({ approvalId, verdict: 'approve', by, ...typedAmount });
  await workspace.settled();
  return status;
}

/** A fresh request that `first` says yes to, and where it takes two, everybody else after that. */
async function bringAbout(
  tool: string,
  minor: number | null,
  asker: Principal,
  first: Principal,
  band: RawBand,
) {
  const workspace = start();
  const approval = await asked(workspace, tool, minor, asker);
  const id = approval?.id ?? '';
  const typed = minor === null ? null : (minor / 100).toFixed(2);
  const seen = () => ACTIONS[tool]?.seen(workspace);
  const status = await click(workspace, id, first, typed);
  if (band.approvals === 2) {
    expect(status).toBe('recorded');
    // Once more from the same person, and from everybody who has no say, is still one yes.
    for (const by of clickers.filter((one) => one === first || !counts(band, asker, one, true))) {
      await click(workspace, id, by, typed);
    }
    expect(seen()).toBe(0);
    const second = clickers.find((one) => one !== first && counts(band, asker, one, true));
    expect(await click(workspace, id, second ?? asker, typed)).toBe('approved');
  }
  expect(seen()).toBe(1);
  for (const by of clickers) await click(workspace, id, by, typed);
  expect(seen()).toBe(1);
}

it('every consequential tool is walked through here', () => {
  expect(Object.keys(ACTIONS).sort()).toEqual(consequential.map((tool) => tool.name).sort());
});

describe.each(consequential)('$name', (tool) => {
  describe.each(amountsOf(tool))('of %s minor units', (minor) => {
    it.each(everybody)('asked for by $userId: only the right people bring it about', async (asker) => {
      const { band, mayAsk } = expectedOf(tool, minor, asker);
      const workspace = start();
      const approval = await asked(workspace, tool.name, minor, asker);
      expect(approval !== null).toBe(mayAsk && band !== null);
      if (approval === null || band === null) return;
      const seen = () => ACTIONS[tool.name]?.seen(workspace);
      const typed = minor === null ? null : (minor / 100).toFixed(2);
      // Everybody whose yes must not count says yes first, one after the other: nothing may come of it.
      for (const by of clickers.filter((one) => !counts(band, asker, one, false))) {
        expect(await click(workspace, approval.id, by, null)).not.toMatch(/^(approved|recorded)$/);
        expect(seen()).toBe(0);
      }
      for (const by of clickers.filter((one) => !counts(band, asker, one, true))) {
        expect(await click(workspace, approval.id, by, typed)).not.toMatch(/^(approved|recorded)$/);
        expect(seen()).toBe(0);
      }
      for (const first of clickers.filter((one) => counts(band, asker, one, true))) {
        await bringAbout(tool.name, minor, asker, first, band);
      }
    });
  });
});

describe('whatever was approved', () => {
  it.each(everybody.filter(({ roles }) => roles.some((role) => role === 'finance' || role === 'founder')))(
    'is not carried out once the switch is thrown, whoever says yes ($userId)',
    async (by) => {
      const workspace = start();
      const asker = by.userId === 'flo' ? people.fay : people.flo;
      const approval = await asked(workspace, 'refund_payment', 1_000, asker);
      workspace.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
      await click(workspace, approval?.id ?? '', by, '10.00');
      expect(workspace.outside.refunds).toEqual([]);
    },
  );

  it.each(everybody)('cannot be asked for where outsiders read along, by $userId', async (requester) => {
    const workspace = start();
    const open = { ...place, internalOnly: false };
    await expect(
      workspace.door.propose({
        tool: 'refund_payment',
        input: { payment: 'ch_1', amount: '10.00', currency: 'USD' },
        requester,
        place: open,
      }),
    ).rejects.toThrow(UserError);
    expect(workspace.changes).toEqual([]);
  });
});
