import { z } from 'zod';
import { namedPeriod, pointedRecord, says } from '../../domain/language/match-words.ts';
import { stripInvisible, withoutLinks } from '../../domain/language/safe-text.ts';
import type { Threshold } from '../../domain/language/thresholds.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { listedSchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { TicketRecord } from '../../domain/ports.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput, limitInput, periodInput } from '../inputs.ts';
import {
  daysText,
  excludeInput,
  filtersIn,
  keepRows,
  keptCustomers,
  MOST_NARROWED,
  requireWhole,
  whereInput,
  whereWords,
} from '../list-filters.ts';
import { periodOptions } from '../period-options.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, sayDay } from '../wording.ts';

const EXCERPT = 300;

const input = z.strictObject({
  customer: customerInput.optional(),
  state: z.enum(['open', 'closed']).optional(),
  period: periodInput.optional(),
  limit: limitInput.optional(),
  minDaysOpen: z.number().optional(),
  maxDaysOpen: z.number().optional(),
  priority: z.enum(['high', 'urgent']).optional(),
  where: whereInput,
  exclude: excludeInput,
});

const output = z.strictObject({
  state: z.enum(['open', 'closed']).nullable(),
  customer: z.string().nullable(),
  total: z.int(),
  /** What else the list is narrowed by, in words. */
  narrowed: z.string().optional(),
  urgent: z.int(),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      customerId: z.string(),
      customer: z.string(),
      subject: z.string(),
      excerpt: z.string(),
      status: z.string(),
      priority: z.string(),
      openedOn: z.string(),
      answered: z.boolean(),
    }),
  ),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_tickets',
  description:
    'Lists support tickets with subject, priority, age and the start of what the customer wrote. Use it to see what customers complain about. Not for the number of open tickets over time, which is a metric. The texts are written by outsiders.',
  scope: 'support:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'show open support tickets', input: { state: 'open' } },
    { say: 'any tickets from Acme?', input: { customer: 'Acme' } },
    { say: 'tickets opened last week', input: { period: 'last week' } },
    { say: 'what are customers complaining about?', input: { state: 'open' } },
  ],
  recognize,
  async run(wanted, ctx) {
    const { customer: reference, state, period: words, limit = 10 } = wanted;
    const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
    const { tz } = ctx.principal;
    const period = words === undefined ? null : parsePeriod(words, await periodOptions(ctx, words));
    const receipt = await openReceipt(ctx, {
      name: 'Support tickets',
      version: 1,
      words: `Tickets${state ? ` that are ${state}` : ''}, by when they were opened`,
      sources: ['supabase'],
      period,
    });
    const narrowed = narrowedWords(wanted);
    const found = await ctx.records.listTickets({
      ...(customer ? { customerId: customer.id } : {}),
      ...(state ? { state } : {}),
      ...(period ? { openedIn: period } : {}),
      limit: narrowed === null ? limit : MOST_NARROWED,
    });
    if (narrowed !== null) requireWhole(found);
    const kept = narrowed === null ? found.rows : await narrow(found.rows, wanted, ctx);
    const total = narrowed === null ? found.total : kept.length;
    const rows = kept.slice(0, limit).map((ticket) => ({
      id: ticket.id,
      customerId: ticket.customerId,
      customer: ticket.customerName,
      subject: withoutLinks(ticket.subject).slice(0, 120),
      excerpt: stripInvisible(ticket.body).slice(0, EXCERPT),
      status: ticket.status,
      priority: ticket.priority,
      openedOn: sayDay(ticket.openedAt, tz),
      answered: ticket.firstResponseAt !== null,
    }));
    return {
      state: state ?? null,
      customer: customer?.name ?? null,
      total,
      ...(narrowed === null ? {} : { narrowed }),
      urgent: rows.filter((row) => row.priority === 'high' || row.priority === 'urgent').length,
      rows,
      listed: rows.map((row) => ({ id: row.id, label: row.id, customerId: row.customerId })),
      receipt: receipt(total, [
        ...(narrowed === null ? [] : [`Narrowed: ${narrowed}`]),
        ...(rows.length < total ? [`${rows.length} of ${total} shown`] : []),
      ]),
    };
  },
  /** Nothing the outsiders wrote is repeated here: the table shows it, as text of theirs. */
  narrate({ state, customer, total, rows, urgent, narrowed }) {
    const kind = `${state ? `${state} ` : ''}ticket`;
    const whose = `${customer ? ` of ${customer}` : ''}${narrowed === undefined ? '' : ` (${narrowed})`}`;
    if (total === 0) return `No ${kind}s${whose}.`;
    const waiting = rows.filter((row) => !row.answered).length;
    const shown = rows.length < total ? ` Of the ${rows.length} shown,` : '';
    const facts = [`${urgent} of high or urgent priority`, `${waiting} without a first answer`].join(' and ');
    return `${count(total, kind)}${whose}.${shown === '' ? ' Of them' : shown} ${facts}.`;
  },
  exhibits({ rows }) {
    if (rows.length === 0) return [];
    return [
      {
        kind: 'table',
        title: 'Tickets (subjects as customers wrote them)',
        columns: left('Opened', 'Customer', 'Subject', 'Priority', 'Status'),
        rows: rows.map((row) => [row.openedOn, row.customer, row.subject, row.priority, row.status]),
      },
    ];
  },
  untrusted: ({ rows }) => rows.length > 0,
});

function recognize(utterance: Utterance): Reading[] {
  const tickets = says(utterance, 'ticket', 'tickets');
  const complaints = says(
    utterance,
    'complaining',
    'complain',
    'complaints',
    'support requests',
    'support queue',
    'support cases',
    'support history',
    'complaint',
    'open cases',
    'gripes',
    'moaning',
    'grumbling',
    'issues reported',
    'problems reported',
    'answer from support',
    'reply from support',
  );
  const phrase = utterance.words.join(' ');
  const naming = utterance.customers.length > 0;
  const wrote =
    says(utterance, 'complained', 'complains', 'to support', 'contacted support', 'into support') ||
    (/\bsupport\b/.test(phrase) && RAISED.test(phrase)) ||
    (naming && WROTE.test(phrase));
  if (!tickets && !complaints && !wrote) return [];
  const said = filtersIn(utterance, { amounts: false });
  const named = said.several ? null : (said.customer?.customer ?? null);
  const unnamed = utterance.customers.length === 0;
  const customer =
    named ??
    (unnamed ? (customerMeant(utterance) ?? (ONE.test(phrase) ? ofTheList(utterance) : null)) : null);
  const period = namedPeriod(utterance);
  const { min, max } = agesOf(said.days);
  const closed = says(utterance, 'closed', 'solved', 'resolved');
  const open =
    complaints ||
    says(
      utterance,
      'open',
      'unanswered',
      'unresolved',
      'unsolved',
      'waiting',
      'waited',
      'pending',
      'oldest',
      'longest',
    );
  const state = closed ? 'closed' : open && !says(utterance, 'opened') ? 'open' : null;
  const priority = priorityIn(phrase);
  const input: { [key: string]: Json } = {
    ...(priority ? { priority } : {}),
    ...(customer ? { customer: customer.id } : {}),
    ...(state ? { state } : {}),
    ...(period ? { period: periodArgument(period) } : {}),
    ...(utterance.top && utterance.top <= 100
      ? { limit: utterance.top }
      : ONE.test(phrase)
        ? { limit: 1 }
        : {}),
    ...(min === undefined ? {} : { minDaysOpen: min }),
    ...(max === undefined ? {} : { maxDaysOpen: max }),
    ...said.input,
  };
  const counting = COUNTED.test(phrase);
  const kind = state === 'open' ? 'Open tickets' : state === 'closed' ? 'Closed tickets' : 'Tickets';
  const interpretation = [kind, priority, customer?.name, period?.label, daysText(said.days), ...said.words]
    .filter(Boolean)
    .join(', ');
  const unsure = said.unread.length > 0 || said.several;
  const caveat = said.unread.join(' ');
  const listing =
    says(utterance, 'show', 'list', 'which', 'see', 'oldest', 'longest', 'latest', 'newest', 'recent') ||
    said.days.length > 0 ||
    ONE.test(phrase) ||
    priority !== null;
  const sure = says(utterance, 'any', 'what') || complaints || wrote || customer !== null;
  return [
    {
      input,
      confidence:
        counting || unsure || says(utterance, 'ticket about', 'tickets about')
          ? 0.5
          : listing
            ? 1
            : sure
              ? customer !== null || says(utterance, 'any', 'anything')
                ? says(utterance, 'any')
                  ? 1
                  : 0.97
                : 0.93
              : 0.85,
      interpretation,
      ...(caveat === '' ? {} : { caveat }),
    },
  ];
}

/** "Look urgent", "high priority", "critical". */
function priorityIn(phrase: string): 'high' | 'urgent' | null {
  if (/\b(?:high|top|higher) (?:prio|priority)\b|\bpressing\b|\bimportant\b/.test(phrase)) return 'high';
  return /\b(?:urgent|urgently|critical|emergency)\b/.test(phrase) ? 'high' : null;
}

/** One ticket, the newest. */
const ONE =
  /\b(?:the|their|its|our|s|last|latest|newest|most recent) (?:last|latest|newest|most recent) ticket\b|^(?:last|latest|newest) ticket\b/;

/** A figure about tickets rather than the tickets: how many, how fast, how old, by what. */
const COUNTED =
  /\b(?:how many|number of|count|trend|how (?:fast|quick|quickly|long|old|soon|slow|happy|satisfied|upset|angry)|average|median|mean|time|age|rate|mood|tone|sentiment|rating|ratings|csat|total|volume|chart|graph|plot|most|(?<!\b(?:reported|raised|opened|written|sent|filed|made) )by|per|vs|versus)\b(?! for more\b)/;
/** What a customer does towards support. */
const RAISED =
  /\b(?:raised?|wrote|write|writing|written|said|say|ask(?:ed|ing)?|came|come|new|heard|reported|contacted|history|anything|opened)\b/;
const WROTE =
  /\b(?:writ(?:e|es|ing|ten)|wrote) (?:(?:in|us|to us|in to us) )?(?:about|in|lately|recently)\b|\bwhat (?:does|did|do|is|has|s)\b.*\b(?:writing|wrote|write|complaining|unhappy|upset|angry|want)\b|\b(?:unhappy|upset|angry|annoyed) (?:about|with)\b|\bproblems? (?:has|have|does|did|do)\b|\b(?:problems?|issues?|trouble|bugs?) (?:reported|with|from|of)\b|\breport(?:ed|s|ing)? (?:any |a )?(?:problems?|issues?|bugs?|trouble)\b/;

/** Whom "them" means, where the thread last showed one record alone. */
function customerMeant(utterance: Utterance): { id: string; name: string } | null {
  if (!says(utterance, 'them', 'they', 'their', 'theirs')) return null;
  const record = pointedRecord(utterance);
  if (!record?.customerId) return null;
  const name = record.id === record.customerId ? record.label : 'the same customer';
  return { id: record.customerId, name };
}

/** Whose tickets were just listed. */
function ofTheList({ previous }: Utterance): { id: string; name: string } | null {
  const [latest] = previous;
  const ids = new Map(
    latest?.tool === 'list_tickets' ? latest.listed.map((one) => [one.customerId, one.label]) : [],
  );
  const [only, another] = [...ids.keys()];
  return only !== undefined && another === undefined ? { id: only, name: 'the same customer' } : null;
}

/** How long it has been open, or was until it was closed. */
function agesOf(days: readonly Threshold[]): { min?: number; max?: number } {
  const bounds = days.map(({ op, value }) => (op === 'gt' || op === 'gte' ? { min: value } : { max: value }));
  return Object.assign({}, ...bounds);
}

const DAY_MS = 86_400_000;

type Wanted = z.output<typeof input>;

async function narrow(
  rows: readonly TicketRecord[],
  wanted: Wanted,
  ctx: ToolContext,
): Promise<TicketRecord[]> {
  const { minDaysOpen: min = 0, maxDaysOpen: max = Number.POSITIVE_INFINITY, priority } = wanted;
  const nowAt = ctx.clock.now();
  const customers = await keptCustomers(wanted, ctx);
  return await keepRows(rows, [
    async ({ openedAt, closedAt }) => {
      const days = ((closedAt ?? nowAt) - openedAt) / DAY_MS;
      return days >= min && days <= max;
    },
    async (ticket) => priority === undefined || ticket.priority === 'urgent' || ticket.priority === priority,
    customers && (({ customerId }) => customers(customerId)),
  ]);
}

function narrowedWords({
  minDaysOpen: min,
  maxDaysOpen: max,
  priority,
  where,
  exclude,
}: Wanted): string | null {
  const words = [
    ...(min === undefined ? [] : [`open for at least ${daysWords(min)}`]),
    ...(max === undefined ? [] : [`open for at most ${daysWords(max)}`]),
    ...(priority === undefined ? [] : [priority === 'high' ? 'high or urgent' : 'urgent']),
    ...(where === undefined ? [] : [whereWords(where)]),
    ...(exclude === undefined
      ? []
      : [`without ${exclude.length === 1 ? 'one customer' : `${exclude.length} customers`}`]),
  ];
  return words.length > 0 ? words.join(', ') : null;
}

/** Less than two days are said in hours. */
function daysWords(days: number): string {
  return days < 2 ? count(Math.round(days * 24), 'hour') : count(Math.round(days * 10) / 10, 'day');
}
