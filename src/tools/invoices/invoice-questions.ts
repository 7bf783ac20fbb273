import { namedPeriod, says } from '../../domain/language/match-words.ts';
import type { PreviousCall, Reading, Utterance } from '../../domain/language/utterance.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { InvoiceState } from '../../domain/ports.ts';
import type { Json } from '../../domain/types.ts';
import { daysText, filtersIn, type SaidFilters, wholeDays } from '../list-filters.ts';
import { input, isUnpaid, STATES, titleOf } from './invoice-list.ts';

/** What sentences about invoices ask for, as arguments of their list; `latest` is the list just given. */
export function recognizeInvoices(utterance: Utterance, latest: PreviousCall | null): Reading[] {
  const owing = says(
    utterance,
    'who hasnt paid',
    'who has not paid',
    'hasnt paid',
    'havent paid',
    'not paid',
    'who owes',
    'owes us',
    'owe us',
    'still owe',
    'still has to pay',
    'still have to pay',
    'has to pay us',
    'yet to pay',
    'needs to pay',
    'still needs to pay',
    'still to pay',
    'hasnt settled',
    'who is late',
    'are late',
    'is late',
    'paying late',
    'behind on payments',
    'whos late',
    'late payers',
    'unpaid',
    'not paid us',
    'didnt pay',
    'owe anything',
    'they owe',
    'their balance',
    'its balance',
    'open balance',
    'outstanding balance',
  );
  const invoices = says(
    utterance,
    'invoice',
    'invoices',
    'bill',
    'bills',
    'been billed',
    'been invoiced',
    'we billed',
    'we invoiced',
    'we bill',
    'we invoice',
  );
  const said = filtersIn(utterance, { amounts: true });
  const overdue =
    says(utterance, 'overdue', 'past due') || (says(utterance, 'outstanding') && said.days.length > 0);
  const customer = said.customer?.customer ?? null;
  const theirDebt = customer !== null && says(utterance, 'owe', 'owes', 'owing', 'owed');
  const sorted = says(utterance, 'biggest first', 'largest first', 'oldest first', 'newest first');
  const who = says(
    utterance,
    'who',
    'which',
    'list',
    'show',
    'any',
    'anything',
    'anyone',
    'anybody',
    'something',
  );
  const hasPaid =
    customer !== null &&
    says(utterance, 'has paid', 'did pay', 'have paid') &&
    !/^(?:and |so )*(?:what|how much)\b/.test(utterance.words.join(' '));
  const next = bounded(utterance, latest, said) ?? goesOn(utterance, latest);
  if (next !== null) return [next];
  const debts = (overdue || says(utterance, 'outstanding')) && (who || sorted || said.days.length > 0);
  if (!owing && !theirDebt && !invoices && !hasPaid && !debts) return [];
  if (/^void (?!invoices|ones)/.test(utterance.words.join(' '))) return [];
  if (says(utterance, 'refund', 'remind', 'reminder', 'chase', 'send', 'resend', 'email', 'nudge', 'dun'))
    return [];
  const counting = says(utterance, 'how much', 'how many', 'total');
  const pointed = utterance.ordinal !== null && !sorted;
  const one = /\b(?:in_\w+|[A-Z0-9]{2,}-\d{2,})\b/.test(utterance.text) || pointed;
  const unsure = one || counting || byDueDate(utterance) || said.several || said.unread.length > 0;
  const narrowed = said.words.length > 0 || said.days.length > 0;
  const sure =
    owing ||
    theirDebt ||
    debts ||
    (invoices && (overdue || who || narrowed || utterance.customers.length > 0));
  const confidence = unsure && !theirDebt ? 0.5 : sure ? 0.9 : 0.8;
  // "Did Acme pay last month" asks for what was paid, "has Acme paid" for what is left.
  const paidThen = hasPaid && !owing && namedPeriod(utterance) !== null;
  const named = paidThen ? 'paid' : stateOf(utterance, owing || hasPaid || theirDebt, overdue);
  const state = named ?? (said.days.length > 0 ? 'overdue' : null);
  return [toReading(utterance, state, confidence, said)];
}

/** By due date: not what this lists by, so it is offered rather than taken. */
function byDueDate(utterance: Utterance): boolean {
  return says(utterance, 'due') && !says(utterance, 'past due') && utterance.periods.length > 0;
}

/** "Just the overdue ones", "largest first", "show 20": the list before, narrowed, turned round or made longer. */
function goesOn(utterance: Utterance, latest: PreviousCall | null): Reading | null {
  const before = input.safeParse(latest?.input);
  if (latest === null || !before.success || utterance.words.length > 6) return null;
  if (utterance.customers.length > 0 || utterance.periods.length > 0 || utterance.ordinal !== null)
    return null;
  const phrase = utterance.words.join(' ');
  const narrowed =
    /^(?:and |only |just |show |show me |the )*(overdue|open|unpaid|paid)(?: ones?| only)?$/.exec(
      phrase,
    )?.[1];
  const state = narrowed === 'unpaid' ? 'open' : (STATES.find((one) => one === narrowed) ?? null);
  const turned =
    /^(?:sort(?:ed)? by|order(?:ed)? by|by) (?:amount|size|value)$|^(?:the )?(?:largest|biggest) first$/.test(
      phrase,
    )
      ? 'largest'
      : (/^(?:the )?(oldest|newest) first$/.exec(phrase)?.[1] ?? null);
  const longer = Number(/^(?:show|list|give me)(?: me)? (\d{1,2})(?: more)?$/.exec(phrase)?.[1] ?? 0);
  if (state === null && turned === null && longer === 0) return null;
  const changed: { [key: string]: Json } = {
    ...before.data,
    ...(state ? { state } : {}),
    ...(turned ? { order: turned } : {}),
    ...(longer > 0 ? { limit: longer } : {}),
  };
  return { input: changed, confidence: 0.92, interpretation: `The same invoices, ${phrase}` };
}

/** "Only the ones over 30 days late", "just those over $1,000": the list before, within these bounds. */
function bounded(utterance: Utterance, latest: PreviousCall | null, said: SaidFilters): Reading | null {
  const before = input.safeParse(latest?.input);
  if (latest === null || !before.success || utterance.words.length > 10) return null;
  if (
    !/^(?:and |ok |now |show |show me |give me )*(?:only|just|those|the ones)\b/.test(
      utterance.words.join(' '),
    )
  )
    return null;
  if (utterance.customers.length > 0 || utterance.periods.length > 0 || said.unread.length > 0) return null;
  const { min, max } = wholeDays(said.days);
  const { amount } = said.input;
  if (min === undefined && max === undefined && amount === undefined) return null;
  const changed: { [key: string]: Json } = {
    ...before.data,
    ...(min === undefined && max === undefined ? {} : { state: 'overdue' }),
    ...(min === undefined ? {} : { minDaysOverdue: min }),
    ...(max === undefined ? {} : { maxDaysOverdue: max }),
    ...(amount === undefined ? {} : { amount }),
  };
  const words = [daysText(said.days), ...said.words].filter(Boolean).join(', ');
  return { input: changed, confidence: 0.92, interpretation: `The same invoices, ${words}` };
}

function stateOf(utterance: Utterance, owing: boolean, overdue: boolean): InvoiceState | null {
  if (overdue || says(utterance, 'late')) return 'overdue';
  if (owing || says(utterance, 'open', 'outstanding', 'unpaid', 'pending', 'due')) return 'open';
  if (says(utterance, 'paid')) return 'paid';
  if (says(utterance, 'draft', 'drafts')) return 'draft';
  if (says(utterance, 'void', 'voided')) return 'void';
  return says(utterance, 'uncollectible', 'written off', 'bad debt') ? 'uncollectible' : null;
}

function toReading(
  utterance: Utterance,
  state: InvoiceState | null,
  confidence: number,
  said: SaidFilters,
): Reading {
  const customer = said.several ? null : (said.customer?.customer ?? null);
  const period = namedPeriod(utterance);
  const largest = says(utterance, 'largest', 'biggest', 'highest', 'most');
  const newest = says(utterance, 'newest', 'latest', 'recent', 'last invoice');
  const order = largest
    ? 'largest'
    : newest
      ? 'newest'
      : says(utterance, 'oldest') || (state && isUnpaid(state))
        ? 'oldest'
        : null;
  const { min, max } = wholeDays(said.days);
  const late = daysText(said.days);
  const input: { [key: string]: Json } = {
    ...(customer ? { customer: customer.id } : {}),
    ...(state ? { state } : {}),
    ...(period ? { period: periodArgument(period) } : {}),
    ...(order ? { order } : {}),
    ...(utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
    ...(min === undefined ? {} : { minDaysOverdue: min }),
    ...(max === undefined ? {} : { maxDaysOverdue: max }),
    ...said.input,
  };
  const parts = [
    titleOf({ state, customer: customer?.name ?? null }),
    period?.label,
    late === null ? null : /late|overdue|past due/i.test(late) ? late : `${late} overdue`,
    ...said.words,
    order ? `${order} first` : null,
  ];
  const several = said.several ? ['I list the invoices of one customer at a time.'] : [];
  const caveat = [...said.unread, ...several].join(' ');
  return {
    input,
    confidence,
    interpretation: parts.filter(Boolean).join(', '),
    ...(caveat === '' ? {} : { caveat }),
  };
}
