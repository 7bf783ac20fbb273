import type { OutsideInvoice, ServiceLevel } from '../../../src/domain/billing/gateways.ts';
import type { Decline } from '../../../src/domain/recovery/classify-decline.ts';
import type { FailingCustomer, RecoveryDesk } from '../../../src/domain/recovery/desk.ts';
import type { CardOnFile, Collected } from '../../../src/domain/recovery/gateways.ts';
import { SystemError, UserError } from '../../../src/lib/errors.ts';
import { createAttempts } from '../../../src/store/recovery/attempts.ts';
import { createDunningBook } from '../../../src/store/recovery/dunning.ts';
import { acme, NOON, openInvoice, type Workspace } from '../../approvals/workspace.ts';

const DAY_MS = 86_400_000;

export function decline(declineCode: string, over: Partial<Decline> = {}): Decline {
  return {
    method: 'card',
    network: 'visa',
    ...{ adviceCode: null, networkAdviceCode: null, networkDeclineCode: null },
    declineCode,
    ...over,
  };
}

/** What recovery meets outside: Acme's card and invoices, and how much of the API they may use. */
export interface RecoveryRoom {
  card: CardOnFile;
  /** Null: the next charge goes through. */
  declines: string | null;
  /** Keys under which a charge arrived. */
  charged: string[];
  levels: Map<string, { level: ServiceLevel; key: string | null }>;
  /** So many answers of writes get lost on the way back. */
  dropAnswers: number;
  failing: FailingCustomer[];
  incidents: { startAt: number; endAt: number | null }[];
  desk(): RecoveryDesk;
}

/** Acme's payment of each of these sums failed three days ago, on invoices `in_<minor>`. */
export function openRecovery(workspace: Workspace, minors: readonly number[] = [12_000]): RecoveryRoom {
  const { outside } = workspace;
  for (const minor of minors) {
    const invoice = openInvoice(`in_${minor}`, minor, { attemptCount: 1 });
    if (!outside.open.has(invoice.id)) outside.open.set(invoice.id, invoice);
  }
  const room: RecoveryRoom = {
    card: {
      ...{ id: 'pm_1', fingerprint: 'card_acme', network: 'visa', country: 'US', last4: '4242' },
      ...{ expiry: null, isDefault: true, addedAt: 0, actedAt: null },
    },
    declines: null,
    charged: [],
    levels: new Map(),
    dropAnswers: 0,
    failing: [
      {
        customerId: acme.id,
        customerName: acme.name,
        disputed: false,
        invoices: minors.map((minor) => ({
          id: `in_${minor}`,
          number: 'INV-0001',
          remaining: { minor, currency: 'USD' },
          attemptCount: 1,
          hostedUrl: 'https://invoice.stripe.com/i/1',
          dueAt: NOON - 3 * DAY_MS,
          firstFailedAt: NOON - 3 * DAY_MS,
          lastDecline: decline('insufficient_funds'),
        })),
      },
    ],
    incidents: [],
    desk: () => deskOver(workspace, room),
  };
  workspace.recovery = room.desk;
  return room;
}

function deskOver(workspace: Workspace, room: RecoveryRoom): RecoveryDesk {
  const { store, clock, outside } = workspace;
  const invoice = (id: string): OutsideInvoice => {
    const found = outside.open.get(id);
    if (!found) throw new UserError('not_found', `no invoice ${id}`);
    return { ...found, attemptCount: Math.max(1, found.attemptCount) };
  };
  const answered = <T>(value: T): T => {
    if (room.dropAnswers === 0) return value;
    room.dropAnswers -= 1;
    throw new SystemError('effect_unknown', 'no answer');
  };
  const collected = (id: string): Collected => {
    const paid = invoice(id).status === 'paid';
    return {
      outcome: paid ? 'paid' : 'declined',
      chargeId: `ch_${room.charged.length}`,
      declined: paid
        ? null
        : {
            ...{ code: 'card_declined', declineCode: room.declines, networkCode: null, adviceCode: null },
            ...{ networkAdviceCode: null, message: 'Your card was declined.' },
          },
      invoice: invoice(id),
    };
  };
  return {
    collection: {
      getInvoice: async (id) => invoice(id),
      listCards: async () => [room.card],
      collect: async ({ invoiceId, idempotencyKey }) => {
        if (!room.charged.includes(idempotencyKey)) {
          room.charged.push(idempotencyKey);
          const before = invoice(invoiceId);
          const status = room.declines === null ? ('paid' as const) : before.status;
          outside.open.set(invoiceId, { ...before, status, attemptCount: before.attemptCount + 1 });
        }
        return answered(collected(invoiceId));
      },
      findCollected: async (id, before) => (invoice(id).attemptCount > before ? collected(id) : null),
    },
    service: {
      getService: async (customerId) => serviceOf(room, customerId),
      setService: async ({ customerId, level, idempotencyKey }) => {
        room.levels.set(customerId, { level, key: idempotencyKey });
        return answered(serviceOf(room, customerId));
      },
    },
    failing: async (customerId) =>
      room.failing.filter((one) => customerId === undefined || one.customerId === customerId),
    outcomesSince: async () => [],
    failuresSince: async () => [],
    incidentsSince: async () => room.incidents,
    ...createAttempts({ store, clock }),
    ...createDunningBook({ store, clock }),
    experiment: () => null,
  };
}

function serviceOf(room: RecoveryRoom, customerId: string) {
  const { level, key } = room.levels.get(customerId) ?? { level: 'full' as const, key: null };
  return { customerId, level, sinceAt: null, lastKey: key };
}
