import { describe, it } from 'vitest';
import { check, customerId, OCTOBER, type Row, SEPTEMBER, span } from './read-as.ts';

const Q = 'query_metric';
const T = 'list_tickets';
const ACME = customerId('Acme Robotics');
const ROWS: readonly Row[] = [
  ['any open tix for acme', T, { customer: ACME, state: 'open' }],
  ['open tickets from lyric', T, { customer: customerId('Lyric Translation'), state: 'open' }],
  ["what's acme complaining about", T, { customer: ACME }],
  ["what's acme writing about", T, { customer: ACME }],
  ['what did acme write in about', T, { customer: ACME }],
  ['what are people complaining about', T],
  ["acme's tickets", T, { customer: ACME }],
  ['show me tickets of pelham', T, { customer: customerId('Pelham Outfitters') }],
  ['did acme open a ticket lately', T, { customer: ACME }],
  ['has kestrel raised anything with support', T, { customer: customerId('Kestrel Aerial') }],
  ['support history for acme', T, { customer: ACME }],
  ['list the open tickets', T, { state: 'open' }],
  ['show unanswered tickets', T, { state: 'open' }],
  ['which tickets are waiting longest', T, { state: 'open' }],
  ['oldest open tickets', T, { state: 'open' }],
  ['tickets open for more than 5 days', T, { state: 'open' }],
  ['tickets waiting over a week', T],
  ['what came into support yesterday', T, { period: span('2026-11-21', '2026-11-22') }],
  ['latest 5 tickets', T, { limit: 5 }],
  ['show the urgent tickets', T],
  ['closed tickets last week', 'list_tickets|query_metric'],
  ['anything new in the support queue', T],
  ['tickest from acme', T, { customer: ACME }],
  ['how many tickets are open', Q, { metric: 'tickets_open' }],
  ['open ticket count', Q, { metric: 'tickets_open' }],
  ['# of open tix', Q, { metric: 'tickets_open' }],
  ['whats the ticket backlog', Q, { metric: 'tickets_open' }],
  ['how many tickets came in last month', Q, { metric: 'tickets_opened', period: OCTOBER }],
  ['new tickets october', 'query_metric|list_tickets', { period: OCTOBER }],
  ['how many tickets did we close in october', Q, { metric: 'tickets_closed', period: OCTOBER }],
  ['number of tickets resolved last month', Q, { metric: 'tickets_closed', period: OCTOBER }],
  ['csat last month', Q, { metric: 'csat', period: OCTOBER }],
  ['customer satisfaction in september', Q, { metric: 'csat', period: SEPTEMBER }],
  ['how happy were customers with support in october', Q, { metric: 'csat', period: OCTOBER }],
  ['first response time last month', Q, { metric: 'first_response_time', period: OCTOBER }],
  ['how quickly do we reply to tickets', Q, { metric: 'first_response_time' }],
  [
    'how fast did we first reply to tickets in october',
    Q,
    { metric: 'first_response_time', period: OCTOBER },
  ],
  ['avg time until a customer hears back from support', Q, { metric: 'first_response_time' }],
  ['resolution time october', Q, { metric: 'resolution_time', period: OCTOBER }],
  ['how long does it take us to close tickets', Q, { metric: 'resolution_time' }],
  ['time to solve a ticket last month', Q, { metric: 'resolution_time', period: OCTOBER }],
  ['how old is our ticket backlog', Q, { metric: 'backlog_age' }],
  ['ticket sentiment last month', Q, { metric: 'ticket_sentiment', period: OCTOBER }],
  ['what is the mood in support tickets', Q, { metric: 'ticket_sentiment' }],
  ['open tickets by priority', Q, { metric: 'tickets_open', by: 'priority' }],
  ['which customers have the most open tickets', Q, { metric: 'tickets_open', by: 'customer' }],
  ['tickets by country', Q, { metric: 'tickets_open', by: 'country' }],
  ['csat by month', Q, { metric: 'csat', by: 'month' }],
  ['is csat up or down', Q, { metric: 'csat', compare: 'previous' }],
];

describe('support is asked about in many words', () => {
  it.each(ROWS.map((row) => [row[0], row] as const))('%s', (_, row) => check(row));
});
