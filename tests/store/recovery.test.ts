import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SyncRow } from '../../src/domain/sync.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createAttempts } from '../../src/store/recovery/attempts.ts';
import { createDunningBook } from '../../src/store/recovery/dunning.ts';
import { createFailureFacts } from '../../src/store/recovery/failures.ts';
import { prepareWriter } from '../../src/store/synced-tables.ts';

const NOON = Date.parse('2026-11-24T20:00:00Z');
const DAY_MS = 86_400_000;

let store: Store;
let clock: ReturnType<typeof fixedClock>;
beforeEach(() => {
  store = openStore(':memory:');
  clock = fixedClock(NOON);
});
afterEach(() => store.sqlite.close());

function charge(id: string, over: Partial<SyncRow['payments']> = {}): SyncRow['payments'] {
  const details = { network: 'visa', country: 'US', adviceCode: 'try_again_later' };
  return {
    ...{ id, payment_intent_id: `pi_${id}`, invoice_id: 'in_1', customer_id: 'psz_acme', status: 'failed' },
    ...{ currency: 'USD', amount_minor: 5_000, amount_refunded_minor: 0, decline_code: 'do_not_honor' },
    ...{ method: 'visa 4242', disputed: 0, created_at: NOON - DAY_MS, seen_at: NOON },
    card_fingerprint: 'card_1',
    card_details: JSON.stringify({ ...details, networkAdviceCode: null, networkDeclineCode: '05' }),
    ...over,
  };
}

function invoice(id: string, over: Partial<SyncRow['invoices']> = {}): SyncRow['invoices'] {
  return {
    ...{ id, number: 'A-1', customer_id: 'psz_acme', subscription_id: null, status: 'open', currency: 'USD' },
    ...{ subtotal_minor: 5_000, tax_minor: 0, total_minor: 5_000, amount_due_minor: 5_000 },
    ...{ amount_paid_minor: 0, amount_remaining_minor: 5_000, attempt_count: 1, hosted_url: null },
    ...{ created_at: 0, finalized_at: 0, due_at: 0, paid_at: null, voided_at: null, uncollectible_at: null },
    ...{
      service_start_at: null,
      service_end_at: null,
      lines_total_minor: null,
      balance_used_minor: null,
      seen_at: NOON,
    },
    ...over,
  };
}

const write = (rows: Parameters<ReturnType<typeof prepareWriter>>[0]) =>
  store.sqlite.transaction(() => prepareWriter(store.sqlite)(rows))();

const ours = {
  ...{ id: 'eff_1', fingerprint: 'card_1', network: 'visa', country: 'US', by: 'person' as const },
  ...{ amount: { minor: 5_000, currency: 'USD' }, customerId: 'psz_acme', invoiceId: 'in_1' },
};

describe('the ledger of a card', () => {
  it('counts a charge of ours once, also when the provider tells of it too', async () => {
    const ledger = createAttempts({ store, clock });
    await ledger.beginAttempt(ours);
    expect(await ledger.attemptsOf('card_1')).toMatchObject([{ outcome: 'pending' }]);
    await ledger.endAttempt('eff_1', { outcome: 'declined', chargeId: 'ch_1', decline: null });
    write({ payments: [charge('ch_1'), charge('ch_2')] });
    const attempts = await ledger.attemptsOf('card_1');
    expect(attempts.map(({ id, by }) => `${id} ${by}`).sort()).toEqual(['ch_2 schedule', 'eff_1 person']);
  });

  it('joins customers and invoices that share a card, and no other card', async () => {
    write({
      payments: [
        charge('ch_1'),
        charge('ch_2', { customer_id: 'psz_globex', invoice_id: 'in_9' }),
        charge('ch_3', { card_fingerprint: 'card_2' }),
      ],
    });
    expect(await createAttempts({ store, clock }).attemptsOf('card_1')).toHaveLength(2);
  });

  it('does not count what never left, and forgets a lost answer once the provider would tell', async () => {
    const ledger = createAttempts({ store, clock });
    await ledger.beginAttempt(ours);
    await ledger.endAttempt('eff_1', { outcome: 'unsent', chargeId: null, decline: null });
    await ledger.beginAttempt({ ...ours, id: 'eff_2' });
    await ledger.refuseAttempt(ours, 'network_limit');
    expect(await ledger.attemptsOf('card_1')).toMatchObject([{ id: 'eff_2' }]);
    clock.set(NOON + DAY_MS);
    expect(await ledger.attemptsOf('card_1')).toEqual([]);
  });
});

describe('who owes after a failed payment', () => {
  it('is told by invoices that are open and failed, with what was said last', async () => {
    write({
      invoices: [
        invoice('in_1'),
        invoice('in_2', { status: 'paid', amount_remaining_minor: 0 }),
        invoice('in_3'),
      ],
      payments: [
        charge('ch_1', { created_at: NOON - 3 * DAY_MS, decline_code: 'insufficient_funds' }),
        charge('ch_2'),
        charge('ch_3', { invoice_id: 'in_2' }),
      ],
    });
    const failing = await createFailureFacts(store, clock).failing();
    expect(failing).toMatchObject([{ customerId: 'psz_acme', disputed: false }]);
    expect(failing[0]?.invoices).toMatchObject([
      {
        id: 'in_1',
        firstFailedAt: NOON - 3 * DAY_MS,
        lastDecline: { declineCode: 'do_not_honor', networkDeclineCode: '05', network: 'visa' },
      },
    ]);
    expect(await createFailureFacts(store, clock).failing('psz_globex')).toEqual([]);
  });

  it('has one dunning, whoever opens it, until it is closed', async () => {
    const book = createDunningBook({ store, clock });
    const dunning = {
      ...{ customerId: 'psz_acme', openedAt: NOON, experiment: null },
      ...{ segment: 'new' as const, ladder: 'new' as const },
    };
    const first = await book.open(dunning);
    expect((await book.open({ ...dunning, openedAt: NOON + 1 })).id).toBe(first.id);
    await book.close(first.id, 'paid');
    expect(await book.openDunnings()).toEqual([]);
    expect((await book.open(dunning)).id).not.toBe(first.id);
  });

  it('an experiment keeps the rules it was registered with', async () => {
    const book = createDunningBook({ store, clock });
    const arm = (id: string) => ({ id, ladder: 'new', weight: 1 });
    const experiment = {
      ...{ id: 'e1', hypothesis: 'Softer is better', currency: 'USD', arms: [arm('a'), arm('b')] },
      ...{ holdoutShare: 0.1, startsAt: 0, endsAt: NOON, windowDays: 28, alpha: 0.05, minimumPerArm: 50 },
      ...{ planned: 200, smallestEffectMinor: 100, guardrails: [] },
    };
    await book.register(experiment);
    await book.register(experiment);
    await expect(book.register({ ...experiment, alpha: 0.1 })).rejects.toThrow(/not what was registered/);
  });
});
