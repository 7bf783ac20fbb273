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
    'open cases',
    'open support cases',
    'unresolved tickets',
    'unsolved tickets',
    'open requests',
    'tickets in the queue',
    'queue size',
    'support backlog',
    'size of the backlog',
    'backlog',
    'ticket queue',
    'support queue size',
    'outstanding tickets',
    'pending tickets',
    'open ticket count',
    'tickets are open',
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
    'backlog ticket age',
    'how old is our ticket backlog',
    'how old is our backlog',
    'how old are the tickets',
    'how old are our tickets',
    'average ticket age',
    'median ticket age',
    'age of our backlog',
    'open ticket age',
    'age of unresolved tickets',
    'how long are tickets open',
    'how stale is the backlog',
    'how long have open tickets been waiting',
    'ticket ages',
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
    'tickets came',
    'tickets come in',
    'tickets filed',
    'tickets raised',
    'new cases',
    'incoming requests',
    'tickets submitted',
    'tickets did we get',
    'tickets got opened',
    'support volume',
    'support requests received',
    'inbound tickets',
    'tickets logged',
    'support demand',
    'opened ticket count',
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
    'tickets done',
    'tickets finished',
    'tickets handled',
    'cases closed',
    'solved cases',
    'tickets did we solve',
    'tickets did we resolve',
    'tickets were resolved',
    'tickets were solved',
    'closed ticket count',
    'tickets got closed',
    'tickets did support close',
    'resolved cases',
    'tickets completed',
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
    'time to first answer',
    'first answer time',
    'reply time',
    'time to reply',
    'time to answer',
    'ticket reply time',
    'support reply time',
    'support speed',
    'how quickly do we reply',
    'how fast do we reply',
    'how fast do we respond',
    'how quickly do we respond',
    'how fast is support',
    'how fast was support',
    'how quickly does support respond',
    'how long until we answer',
    'customer hears back',
    'customers hear back',
    'hears back from support',
    'wait for a reply',
    'wait for support',
    'waiting time for a first answer',
    'first touch time',
    'ticket first reply',
    'first contact time',
    'response time of support',
    'support first reply',
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
    'time to solve',
    'time to solve a ticket',
    'solve time',
    'solving time',
    'time to fix a ticket',
    'time to close a ticket',
    'ticket close time',
    'how long does it take to solve a ticket',
    'take us to close tickets',
    'take to close tickets',
    'how long until a ticket is solved',
    'how fast do we close tickets',
    'how quickly do we close tickets',
    'how fast do we solve tickets',
    'how fast are tickets solved',
    'closing time',
    'ticket duration',
    'ticket lifetime',
    'handling time',
    'time to done',
    'case resolution time',
    'ttr',
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
    'satisfaction rating',
    'satisfaction ratings',
    'customer happiness',
    'support satisfaction',
    'csat rating',
    'csat ratings',
    'happiness score',
    'how happy are customers',
    'how happy were customers',
    'how satisfied were customers',
    'support score',
    'average support rating',
    'support csat',
    'customer rating',
    'customer ratings',
    'rating of support',
    'customer satisfaction score',
    'survey score',
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
    'customer mood',
    'mood of customers',
    'support mood',
    'mood in support tickets',
    'mood in support',
    'tone of support tickets',
    'how angry are customers',
    'how annoyed are customers',
    'customer sentiment',
    'sentiment of tickets',
    'sentiment score',
    'sentiment in tickets',
    'how unhappy are customers',
    'tone in tickets',
    'ticket mood',
    'ticket tone',
    'feeling in tickets',
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
