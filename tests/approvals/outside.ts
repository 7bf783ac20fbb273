import { invoicesNotConnected } from '../../src/connectors/not-connected.ts';
import type {
  AskedCreditNote,
  CreditableInvoice,
  CreditGateway,
  InvoiceGateway,
  OfferedCoupon,
  OfferedPrice,
  OutsideInvoice,
  OutsideSubscription,
} from '../../src/domain/billing/gateways.ts';
import type { InvoiceRecord, MailGateway, PaymentRecord, PaymentsGateway } from '../../src/domain/ports.ts';
import type { Money } from '../../src/domain/types.ts';
import { SystemError, UserError } from '../../src/lib/errors.ts';

/** The far end of the network: Stripe's refunds with its idempotency, and a mail server without any. */
export class Outside {
  payments = new Map<string, PaymentRecord & { stripeCustomerId: string }>();
  invoices = new Map<string, InvoiceRecord>();
  refunds: { id: string; paymentId: string; key: string; minor: number }[] = [];
  /** Credit in minor units, by Stripe's id of the customer. */
  balances = new Map<string, { minor: number; currency: string }>();
  balanceCredits: { id: string; stripeCustomerId: string; key: string; minor: number }[] = [];
  creditable = new Map<string, CreditableInvoice>();
  creditNotes: { id: string; key: string; note: AskedCreditNote; voided: boolean }[] = [];
  open = new Map<string, OutsideInvoice>();
  voided: string[] = [];
  subscriptions = new Map<string, OutsideSubscription>();
  coupons: OfferedCoupon[] = [];
  prices: OfferedPrice[] = [];
  /** Changes of subscriptions that were carried out, by their keys. */
  changes: string[] = [];
  proration: { description: string; amount: Money }[] = [];
  /** By how much Stripe's preview of a credit note differs from the sum of its lines. */
  previewOff = 0;
  mails: { to: string; text: string; key: string }[] = [];
  /** Refunds are created, but the answer is lost. */
  dropAnswers = 0;
  /** Nothing happens and nothing is answered. */
  deaf = 0;
  /** Look-ups do not answer. */
  blind = 0;
  mailFault: 'lost_answer' | 'no_connection' | null = null;

  readonly gateway: PaymentsGateway = {
    getPayment: async (id) => {
      const payment = this.payments.get(id);
      if (payment === undefined) throw new UserError('not_found', `Stripe has no payment ${id}.`);
      const { stripeCustomerId, status, amount, invoiceId, disputed, createdAt } = payment;
      const back = this.refunds
        .filter((one) => one.paymentId === id)
        .reduce((sum, one) => sum + one.minor, 0);
      const minor = payment.amountRefunded.minor + back;
      return {
        id,
        stripeCustomerId,
        status,
        amount,
        amountRefunded: { ...amount, minor },
        invoiceId,
        disputed,
        createdAt,
      };
    },
    getInvoice: async (id) => {
      const invoice = this.invoices.get(id);
      if (invoice === undefined) throw new UserError('not_found', `Stripe has no invoice ${id}.`);
      const { number, status, amountRemaining, dueAt, hostedUrl } = invoice;
      return { id, number, status, amountRemaining, dueAt, hostedUrl };
    },
    createRefund: async ({ paymentId, amount, idempotencyKey }) => {
      if (this.deaf > 0) {
        this.deaf -= 1;
        throw new SystemError('effect_unknown', 'no answer');
      }
      const known = this.refunds.find((refund) => refund.key === idempotencyKey);
      const payment = await this.gateway.getPayment(paymentId);
      if (known === undefined && payment.amountRefunded.minor + amount.minor > payment.amount.minor) {
        throw new UserError('conflict', 'The refund is larger than what is left of the payment.');
      }
      const refund = known ?? {
        id: `re_${this.refunds.length + 1}`,
        paymentId,
        key: idempotencyKey,
        minor: amount.minor,
      };
      if (known === undefined) this.refunds.push(refund);
      if (this.dropAnswers > 0) {
        this.dropAnswers -= 1;
        throw new SystemError('effect_unknown', 'the answer was lost');
      }
      return { id: refund.id, status: 'succeeded', amount };
    },
    findRefund: async (paymentId, key) => {
      if (this.blind > 0) {
        this.blind -= 1;
        throw new SystemError('source_unavailable', 'Stripe does not answer');
      }
      const refund = this.refunds.find((one) => one.paymentId === paymentId && one.key === key);
      return refund === undefined
        ? null
        : { id: refund.id, status: 'succeeded', amount: { minor: refund.minor, currency: 'USD' } };
    },
  };

  private changed(id: string, key: string, patch: Partial<OutsideSubscription>): OutsideSubscription {
    const before = this.subscriptions.get(id);
    if (before === undefined) throw new UserError('not_found', `Stripe has no subscription ${id}.`);
    if (this.changes.includes(key)) return before;
    const after = { ...before, ...patch, lastChangeKey: key };
    this.subscriptions.set(id, after);
    this.changes.push(key);
    if (this.dropAnswers > 0) {
      this.dropAnswers -= 1;
      throw new SystemError('effect_unknown', 'the answer was lost');
    }
    return after;
  }

  readonly invoicing: InvoiceGateway = {
    ...invoicesNotConnected('not part of this house'),
    getInvoice: async (id) => {
      const invoice = this.open.get(id);
      if (invoice === undefined) throw new UserError('not_found', `Stripe has no invoice ${id}.`);
      return invoice;
    },
    voidInvoice: async (id) => {
      const invoice = await this.invoicing.getInvoice(id);
      if (invoice.status === 'open') this.voided.push(id);
      this.open.set(id, { ...invoice, status: 'void' });
      if (this.dropAnswers > 0) {
        this.dropAnswers -= 1;
        throw new SystemError('effect_unknown', 'the answer was lost');
      }
      return { ...invoice, status: 'void' };
    },
  };

  private creditTotal(note: AskedCreditNote): { minor: number; currency: string } {
    const minor = note.lines.reduce(
      (sum, line) => sum + line.amount.minor + line.taxes.reduce((tax, one) => tax + one.amount.minor, 0),
      0,
    );
    return { minor: minor + this.previewOff, currency: note.refund.currency };
  }

  readonly credits: CreditGateway = {
    getSubscription: async (id) => {
      const found = this.subscriptions.get(id);
      if (found === undefined) throw new UserError('not_found', `Stripe has no subscription ${id}.`);
      return found;
    },
    listCoupons: async () => this.coupons,
    listPrices: async () => this.prices,
    applyCoupon: async ({ stripeSubscriptionId: id, couponId, idempotencyKey }) =>
      this.changed(id, idempotencyKey, { couponIds: [couponId] }),
    previewChange: async () => this.proration,
    changeSubscription: async ({ stripeSubscriptionId: id, idempotencyKey, priceId, quantity }) =>
      this.changed(id, idempotencyKey, { quantity, ...(priceId === null ? {} : { priceId }) }),
    getCreditable: async (id) => {
      const invoice = this.creditable.get(id);
      if (invoice === undefined) throw new UserError('not_found', `Stripe has no invoice ${id}.`);
      return invoice;
    },
    previewCreditNote: async (note) => this.creditTotal(note),
    createCreditNote: async ({ idempotencyKey: key, ...note }) => {
      const known = this.creditNotes.find((one) => one.key === key);
      const made = known ?? { id: `cn_${this.creditNotes.length + 1}`, key, note, voided: false };
      if (known === undefined) this.creditNotes.push(made);
      if (this.dropAnswers > 0) {
        this.dropAnswers -= 1;
        throw new SystemError('effect_unknown', 'the answer was lost');
      }
      return { id: made.id, number: `${made.id}-CN`, total: this.creditTotal(note) };
    },
    findCreditNote: async (_invoiceId, key) => {
      const found = this.creditNotes.find((one) => one.key === key);
      return found === undefined
        ? null
        : { id: found.id, number: `${found.id}-CN`, total: this.creditTotal(found.note) };
    },
    voidCreditNote: async (id) => {
      for (const one of this.creditNotes) if (one.id === id) one.voided = true;
    },
    getBalance: async (id) => this.balances.get(id) ?? { minor: 0, currency: 'USD' },
    creditBalance: async ({ stripeCustomerId, amount, idempotencyKey }) => {
      if (this.deaf > 0) {
        this.deaf -= 1;
        throw new SystemError('effect_unknown', 'no answer');
      }
      const balance = await this.credits.getBalance(stripeCustomerId);
      const known = this.balanceCredits.find((one) => one.key === idempotencyKey);
      if (known !== undefined) return { id: known.id, balance };
      const after = { ...balance, minor: balance.minor + amount.minor };
      const id = `cbtxn_${this.balanceCredits.length + 1}`;
      this.balances.set(stripeCustomerId, after);
      this.balanceCredits.push({ id, stripeCustomerId, key: idempotencyKey, minor: amount.minor });
      if (this.dropAnswers > 0) {
        this.dropAnswers -= 1;
        throw new SystemError('effect_unknown', 'the answer was lost');
      }
      return { id, balance: after };
    },
    findBalanceCredit: async (stripeCustomerId, key) => {
      const found = this.balanceCredits.find((one) => one.key === key);
      return found === undefined
        ? null
        : { id: found.id, balance: await this.credits.getBalance(stripeCustomerId) };
    },
  };

  readonly mail: MailGateway = {
    send: async ({ to, text, messageKey }) => {
      if (this.mailFault === 'no_connection')
        throw new SystemError('source_unavailable', 'connection refused');
      this.mails.push({ to: to.email, text, key: messageKey });
      if (this.mailFault === 'lost_answer') throw new SystemError('effect_unknown', 'the answer was lost');
      return { messageId: `<${messageKey}@test>` };
    },
  };
}
