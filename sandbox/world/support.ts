import { HOUR, MINUTE } from './calendar.ts';
import { mustGet } from './lookup.ts';
import { chance } from './random.ts';
import type { TicketRecord, World } from './records.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import { ratingOf } from './ticket-ratings.ts';

type Priority = TicketRecord['priority'];

const QUESTIONS: readonly [readonly [string, string, Priority], ...(readonly [string, string, Priority])[]] =
  [
    [
      'Rate limit on search',
      'We hit 429 on /v1/search during our nightly import. Can our limit be raised?',
      'normal',
    ],
    ['Invoice address', 'Please put our new address on the next invoice. Details are in our profile.', 'low'],
    ['Slow embeddings', 'Embedding calls took about twice as long this morning. Is something wrong?', 'high'],
    [
      'Rotating API keys',
      'How do we rotate a key without downtime? The docs show only the old console.',
      'low',
    ],
    [
      'Webhook signature fails',
      'Signatures stopped matching after we moved to Node 20. What changed?',
      'high',
    ],
    [
      'Add a second workspace',
      'We want a staging workspace with its own keys. Does that cost extra?',
      'normal',
    ],
    ['Batch job stuck', 'A batch of 40,000 items has been in "queued" for three hours.', 'urgent'],
    [
      'Data residency',
      'Our customer asks where data of EU calls is kept. Can you confirm in writing?',
      'normal',
    ],
    ['Python client typing', 'The return type of client.search is Any. Are type stubs planned?', 'low'],
    ['Usage does not match', 'Our own count for last week is 3% below what the dashboard shows.', 'normal'],
    ['Change of billing contact', 'Please send invoices to our finance team from next month on.', 'low'],
    ['SSO for our team', 'Is SAML available on our plan, or only on Enterprise?', 'normal'],
  ];

/** Opens a ticket at the world's now, from the customer's owner. */
export function openTicket(
  world: World,
  wanted: { customerId: string; subject: string; body: string; priority?: Priority },
): TicketRecord {
  const customer = mustGet(world, 'customers', wanted.customerId);
  const now = world.now();
  const owner = world.of('userProfiles', customer.id)[0];
  const ticket: TicketRecord = {
    id: world.newId('tkt'),
    customerId: customer.id,
    requesterEmail: owner?.email ?? customer.email,
    subject: wanted.subject,
    body: wanted.body,
    status: 'open',
    priority: wanted.priority ?? 'normal',
    openedAt: now,
    firstResponseAt: null,
    closedAt: null,
    csatScore: null,
    ratedAt: null,
    updatedAt: now,
  };
  world.put('tickets', ticket);
  world.emit({ at: now, type: 'psizero.ticket.opened', collection: 'tickets', id: ticket.id });
  return ticket;
}

/** A customer asks one of the usual things; it is answered within a day and closed within the week. */
export function askSomething(world: SimulatedWorld, customerId: string): void {
  const draw = chance(world.anchor.seed, 'question', `${customerId}/${world.now()}`);
  const [subject, body, priority] = draw.pick(QUESTIONS);
  const ticket = openTicket(world, { customerId, subject, body, priority });
  const answeredAt = ticket.openedAt + Math.floor(draw.between(12 * MINUTE, 19 * HOUR));
  world.schedule(answeredAt, 'ticket_respond', ticket.id);
  world.schedule(answeredAt + Math.floor(draw.between(HOUR, 120 * HOUR)), 'ticket_close', ticket.id);
}

export function respondToTicket(world: World, id: string): void {
  const ticket = mustGet(world, 'tickets', id);
  if (ticket.status !== 'open') return;
  const now = world.now();
  world.put('tickets', {
    ...ticket,
    status: 'pending',
    firstResponseAt: ticket.firstResponseAt ?? now,
    updatedAt: now,
  });
}

export function closeTicket(world: World, id: string): void {
  const ticket = mustGet(world, 'tickets', id);
  if (ticket.status === 'closed') return;
  const now = world.now();
  world.put('tickets', {
    ...ticket,
    ...ratingOf(world.anchor.seed, ticket, now),
    status: 'closed',
    closedAt: now,
    updatedAt: now,
  });
}
