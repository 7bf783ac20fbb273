import { CUSTOMER_TRAITS, type MetricFacts, type TicketFact, type TicketMoment } from './facts.ts';
import { medianOf } from './median.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  ratioOf,
  sumAmounts,
} from './metric.ts';
import { sentimentOf } from './sentiment.ts';

const TICKETS = {
  version: 1,
  grain: 'one ticket',
  owner: 'success',
  sources: ['supabase'],
  dimensions: ['customer', ...CUSTOMER_TRAITS, 'currency', 'priority'],
  narrows: true,
} as const;

function ofTicket(fact: Pick<TicketFact, 'priority'> & Parameters<typeof ofCustomer>[0]) {
  return { ...ofCustomer(fact, null), priority: fact.priority };
}

function measured(contributions: Contribution[], notes: string[] = []): Measured {
  return { contributions, rows: contributions.length, notes };
}

/** Tickets to which something happened in the period, each with its share; null leaves a ticket out. */
async function eachTicket(
  facts: MetricFacts,
  { period, filter }: MetricScope,
  moment: TicketMoment,
  share: (ticket: TicketFact) => { amount: number; base: number } | null,
): Promise<Measured> {
  const tickets = await facts.ticketsIn(moment, period, filter);
  return measured(
    tickets.flatMap((ticket) => {
      const own = share(ticket);
      return own === null ? [] : [{ ...ofTicket(ticket), ...own }];
    }),
  );
}

/** The median of what every single row says; never of medians. */
const medianAmount = (rows: readonly Contribution[]) => medianOf(rows.map(({ amount }) => amount));

const ONE = { amount: 1, base: 0 };

export const ticketsOpen: Metric = {
  ...TICKETS,
  name: 'tickets_open',
  title: 'Open tickets',
  words: 'Tickets opened by the instant and not closed by it.',
  unit: 'count',
  kind: 'snapshot',
  additivity: 'snapshot',
  synonyms: [
    'open tickets',
    'tickets open',
    'tickets',
    'support tickets',
    'open support tickets',
    'ticket count',
    'ticket backlog',
    'support load',
  ],
  measure: async (facts, { at, filter }) => {
    const rows = await facts.ticketsOpenAt(at, filter);
    return measured(rows.map((row) => ({ ...ofTicket(row), amount: 1 })));
  },
  total: sumAmounts,
};

export const backlogAge: Metric = {
  ...ticketsOpen,
  name: 'backlog_age',
  title: 'Ticket age, median',
  words: 'The median time for which the tickets open at the instant had been open.',
  unit: 'ms',
  additivity: 'percentile',
  synonyms: [
    'backlog age',
    'ticket age',
    'age of tickets',
    'age of the backlog',
    'age of open tickets',
    'how old are our open tickets',
    'how old are open tickets',
    'how long have tickets been open',
    'how old is the backlog',
  ],
  measure: async (facts, { at, filter }) => {
    const rows = await facts.ticketsOpenAt(at, filter);
    return measured(rows.map((row) => ({ ...ofTicket(row), amount: at - row.openedAt })));
  },
  total: medianAmount,
};

const FLOW = { ...TICKETS, kind: 'flow' } as const;

export const ticketsOpened: Metric = {
  ...FLOW,
  name: 'tickets_opened',
  title: 'New tickets',
  words: 'Tickets opened in the period.',
  unit: 'count',
  additivity: 'sum',
  synonyms: [
    'tickets opened',
    'opened tickets',
    'new tickets',
    'tickets were opened',
    'tickets came in',
    'incoming tickets',
    'tickets received',
    'tickets created',
    'ticket volume',
    'new support tickets',
  ],
  measure: (facts, scope) => eachTicket(facts, scope, 'opened', () => ONE),
  total: sumAmounts,
};

export const ticketsClosed: Metric = {
  ...FLOW,
  name: 'tickets_closed',
  title: 'Closed tickets',
  words: 'Tickets closed in the period.',
  unit: 'count',
  additivity: 'sum',
  synonyms: [
    'tickets closed',
    'closed tickets',
    'tickets resolved',
    'resolved tickets',
    'tickets solved',
    'solved tickets',
    'tickets were closed',
    'tickets did we close',
  ],
  measure: (facts, scope) => eachTicket(facts, scope, 'closed', () => ONE),
  total: sumAmounts,
};

export const firstResponseTime: Metric = {
  ...FLOW,
  name: 'first_response_time',
  title: 'First response time, median',
  words:
    'The median time from opening to the first answer, of the tickets first answered in the period; of a group, the median of its own tickets.',
  unit: 'ms',
  additivity: 'percentile',
  synonyms: [
    'first response time',
    'first response',
    'first reply time',
    'first reply',
    'time to first response',
    'time to first reply',
    'support response time',
    'ticket response time',
    'how fast do we answer tickets',
    'how fast does support answer',
    'how quickly do we answer tickets',
    'how long do customers wait for an answer',
    'frt',
  ],
  measure: (facts, scope) =>
    eachTicket(facts, scope, 'answered', ({ firstResponseAt, openedAt }) =>
      firstResponseAt === null ? null : { amount: firstResponseAt - openedAt, base: 0 },
    ),
  total: medianAmount,
};

export const resolutionTime: Metric = {
  ...FLOW,
  name: 'resolution_time',
  title: 'Resolution time, median',
  words:
    'The median time from opening to closing, of the tickets closed in the period; of a group, the median of its own tickets.',
  unit: 'ms',
  additivity: 'percentile',
  synonyms: [
    'resolution time',
    'time to resolution',
    'time to resolve',
    'time to close',
    'ticket resolution time',
    'how long does it take to close a ticket',
    'how long do tickets take',
    'how long until tickets are closed',
  ],
  measure: (facts, scope) =>
    eachTicket(facts, scope, 'closed', ({ closedAt, openedAt }) =>
      closedAt === null ? null : { amount: closedAt - openedAt, base: 0 },
    ),
  total: medianAmount,
};

export const csat: Metric = {
  ...FLOW,
  name: 'csat',
  title: 'CSAT',
  words:
    'The mean of the marks from 1 to 5 that customers gave in the period for tickets of theirs, added up and divided once; tickets that were not rated do not count.',
  unit: 'score',
  grain: 'one rated ticket',
  additivity: 'ratio',
  synonyms: [
    'csat',
    'csat score',
    'average csat',
    'mean csat',
    'average rating',
    'customer satisfaction',
    'satisfaction',
    'satisfaction score',
    'how satisfied are customers',
    'how happy are customers with support',
    'support rating',
    'ticket ratings',
  ],
  measure: (facts, scope) =>
    eachTicket(facts, scope, 'rated', ({ score }) => (score === null ? null : { amount: score, base: 1 })),
  total: ratioOf,
};

export const ticketSentiment: Metric = {
  ...FLOW,
  name: 'ticket_sentiment',
  title: 'Ticket sentiment',
  words:
    'Of the tickets opened in the period, the share that reads as content less the share that reads as upset, from +100 % to -100 %, by counting words of a fixed English list; what is not in it says nothing.',
  unit: 'ratio',
  additivity: 'ratio',
  synonyms: [
    'ticket sentiment',
    'sentiment',
    'average sentiment',
    'support sentiment',
    'mood of tickets',
    'mood in tickets',
    'tone of tickets',
    'how upset are customers',
  ],
  measure: async (facts, { period, filter }) => {
    const tickets = await facts.ticketTextsIn(period, filter);
    return measured(
      tickets.map((ticket) => ({
        ...ofTicket(ticket),
        amount: sentimentOf(`${ticket.subject}\n${ticket.body}`),
        base: 1,
      })),
      ['Counted from words, not understood: good for a trend, not for one ticket.'],
    );
  },
  total: ratioOf,
};

export const SUPPORT_METRICS: readonly Metric[] = [
  ticketsOpen,
  ticketsOpened,
  ticketsClosed,
  firstResponseTime,
  resolutionTime,
  backlogAge,
  csat,
  ticketSentiment,
];
