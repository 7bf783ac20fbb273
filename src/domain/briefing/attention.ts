import { declineWords } from '../alerts/payment-failed.ts';
import { formatMoney } from '../money/format.ts';
import type { AttentionItem, BriefingLine } from './briefing.ts';
import { sentenceList } from './changes.ts';
import type { FigureBook } from './figures.ts';
import type { Gathered, UsageMove } from './gathered.ts';
import { attentionOrder, leaningOf } from './readers.ts';

/** Requests shown with buttons; the rest are counted. */
export const MOST_REQUESTS = 5;
const MOST_ALERTS = 4;
const NOTHING = { approvalId: null, batchId: null, alertId: null };
/** A customer's calls have fallen when they are below half of the week before, from at least this many. */
const FALLEN_SHARE = 0.5;
const GROWN_SHARE = 1.3;
const LEAST_CALLS = 1_000;

/** What needs the reader: first what only they can decide, then what their role looks after first. */
export function attentionOf(gathered: Gathered, book: FigureBook): AttentionItem[] {
  if (gathered.bygone) return [];
  const kinds = {
    failed: failedPayments(gathered, book),
    overdue: overdueInvoices(gathered, book),
    risk: fallenUsage(gathered, book),
    alert: openAlerts(gathered, book),
  };
  const order = attentionOrder(leaningOf(gathered.reader.roles));
  return [...requests(gathered, book), ...order.flatMap((kind) => kinds[kind])];
}

function requests({ waiting }: Gathered, book: FigureBook): AttentionItem[] {
  const single = waiting.filter(({ batchId }) => batchId === null);
  const batches = [...new Set(waiting.flatMap(({ batchId }) => batchId ?? []))];
  const items = single.slice(0, MOST_REQUESTS).map(({ approvalId, title, requester }) => ({
    ...NOTHING,
    text: `${book.say(title, null)}, asked for by ${requester}.`,
    approvalId,
    queryId: null,
  }));
  const grouped = batches.map((batchId) => {
    const rows = waiting.filter((one) => one.batchId === batchId);
    const count = book.say(String(rows.length), null);
    const text = `${count} proposals on one card, asked for by ${rows[0]?.requester ?? 'somebody'}; the card is in your messages.`;
    return { ...NOTHING, text, batchId, queryId: null };
  });
  const more = single.length - items.length;
  const rest =
    more > 0
      ? [{ ...NOTHING, text: `${book.say(String(more), null)} more wait in your messages.`, queryId: null }]
      : [];
  return [...items, ...grouped, ...rest];
}

function overdueInvoices({ overdue }: Gathered, book: FigureBook): AttentionItem[] {
  if (!overdue || overdue.total === 0) return [];
  const { queryId, total, largest } = overdue;
  const count = book.say(total.toLocaleString('en-US'), queryId);
  const sum = sentenceList(overdue.sums.map((amount) => book.say(formatMoney(amount), queryId)));
  const amount = overdue.sumsCoverAll ? `, ${sum} in total` : '';
  const first = largest
    ? ` The largest: ${book.say(largest.customer, queryId)}, ${book.say(largest.invoice, queryId)}, ${book.say(formatMoney(largest.amount), queryId)}, ${book.say(String(largest.daysOverdue), queryId)} days.`
    : '';
  return [
    {
      ...NOTHING,
      text: `${count} overdue ${total === 1 ? 'invoice' : 'invoices'}${amount}.${first}`,
      queryId,
    },
  ];
}

function failedPayments({ failed }: Gathered, book: FigureBook): AttentionItem[] {
  if (!failed || failed.total === 0) return [];
  const { queryId, total } = failed;
  const rows = failed.rows.map(({ customer, amount, declineCode }) => {
    const why = declineCode ? ` (${declineWords(declineCode)})` : '';
    return `${book.say(customer, queryId)} ${book.say(formatMoney(amount), queryId)}${why}`;
  });
  const text = `${book.say(total.toLocaleString('en-US'), queryId)} failed ${total === 1 ? 'payment' : 'payments'} yesterday: ${rows.join('; ')}${total > rows.length ? '; and others' : ''}.`;
  return [{ ...NOTHING, text, queryId }];
}

function openAlerts({ alerts, failed, waiting }: Gathered, book: FigureBook): AttentionItem[] {
  // What is named already is not named again as an alert.
  const named = new Set((failed?.rows ?? []).map(({ customer }) => customer));
  const said = (alert: Gathered['alerts']['rows'][number]) =>
    (alert.kind === 'payment_failed' && named.has(alert.subject.name)) ||
    (alert.kind === 'approval_expiring' && waiting.some(({ approvalId }) => approvalId === alert.subject.id));
  const rows = alerts.rows.filter((alert) => !said(alert));
  const items = rows.slice(0, MOST_ALERTS).map((alert) => ({
    ...NOTHING,
    text: `${book.say(alert.title, null)}${/[.!?]$/.test(alert.title) ? '' : '.'}${alert.owner ? ` ${alert.owner.name} has it.` : ''}`,
    alertId: alert.id,
    queryId: null,
  }));
  const more = alerts.total - (alerts.rows.length - rows.length) - items.length;
  const rest =
    more > 0
      ? [
          {
            ...NOTHING,
            text: `${book.say(String(more), null)} more ${more === 1 ? 'alert is' : 'alerts are'} open; ask Psi "any alerts?" for all of them.`,
            queryId: null,
          },
        ]
      : [];
  return [...items, ...rest];
}

function fallenUsage({ usage }: Gathered, book: FigureBook): AttentionItem[] {
  if (!usage) return [];
  const fallen = usage.moves
    .filter(({ calls, before }) => before >= LEAST_CALLS && calls < before * FALLEN_SHARE)
    .sort((a, b) => b.before - b.calls - (a.before - a.calls))
    .slice(0, 2);
  return fallen.map((move) => ({
    ...NOTHING,
    text: `${moveWords(move, usage.queryId, book)}. Worth a call.`,
    queryId: usage.queryId,
  }));
}

/** "Acme made 120 API calls in the last 7 days, down 45.0% on the 7 days before (218)". */
function moveWords({ customer, calls, before }: UsageMove, queryId: string, book: FigureBook): string {
  const say = (text: string) => book.say(text, queryId);
  const share = `${Math.abs(((calls - before) / before) * 100).toFixed(1)}%`;
  const now = say(calls.toLocaleString('en-US'));
  const then = say(before.toLocaleString('en-US'));
  return `${say(customer)} made ${now} API calls in the last ${say('7')} days, ${calls >= before ? 'up' : 'down'} ${say(share)} on the ${say('7')} days before (${then})`;
}

/** Where there is something to win: accounts that grow, and trials that are about to end. */
export function opportunitiesOf(gathered: Gathered, book: FigureBook): BriefingLine[] {
  const { usage, plans, trials } = gathered;
  const grown = usage ? growing(usage.moves).slice(0, 2) : [];
  const growth = grown.map((move) => {
    const plan = plans.get(move.customerId);
    const on = plan
      ? ` It is on ${book.say(plan.plan, plan.queryId)} at ${book.say(plan.price, plan.queryId)}.`
      : '';
    const queryId = usage?.queryId ?? '';
    return { text: `${moveWords(move, queryId, book)}.${on}`, queryId };
  });
  const ending = trials.map(({ customer, plan, endsOn, queryId }) => ({
    text: `The trial of ${book.say(customer, queryId)} (${book.say(plan, queryId)}) ends ${book.say(endsOn, queryId)}.`,
    queryId,
  }));
  return [...growth, ...ending];
}

/** Customers whose calls grew by 30% or more in a week from a base that means something, the largest gain first. */
export function growing(moves: readonly UsageMove[]): UsageMove[] {
  return moves
    .filter(({ calls, before }) => before >= LEAST_CALLS && calls >= before * GROWN_SHARE)
    .sort((a, b) => b.calls - b.before - (a.calls - a.before));
}
