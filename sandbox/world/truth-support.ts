import type { TicketRecord } from './records.ts';
import { knownAt } from './ticket-ratings.ts';
import { count, currencyOf, fits, middle, type Scope, type Truth, within } from './truth-scope.ts';

const tickets = (scope: Scope): TicketRecord[] => {
  const now = scope.world.now();
  return scope.world
    .all('tickets')
    .filter(({ customerId }) => fits(scope, { customerId, currency: currencyOf(scope, customerId) }))
    .map((ticket) => knownAt(ticket, now));
};

const openAt = (scope: Scope) =>
  tickets(scope).filter(
    ({ openedAt, closedAt }) => openedAt <= scope.at && (closedAt === null || closedAt > scope.at),
  );

export const ticketsOpen = (scope: Scope): Truth => count(openAt(scope).length);
export const ticketsOpened = (scope: Scope): Truth =>
  count(tickets(scope).filter(({ openedAt }) => within(scope, openedAt)).length);
export const ticketsClosed = (scope: Scope): Truth =>
  count(tickets(scope).filter(({ closedAt }) => within(scope, closedAt)).length);

export const backlogAge = (scope: Scope): Truth =>
  middle(openAt(scope).map(({ openedAt }) => scope.at - openedAt));

export function firstResponseTime(scope: Scope): Truth {
  const answered = tickets(scope).filter(({ firstResponseAt }) => within(scope, firstResponseAt));
  return middle(answered.map(({ firstResponseAt, openedAt }) => (firstResponseAt ?? 0) - openedAt));
}

export function resolutionTime(scope: Scope): Truth {
  const closed = tickets(scope).filter(({ closedAt }) => within(scope, closedAt));
  return middle(closed.map(({ closedAt, openedAt }) => (closedAt ?? 0) - openedAt));
}

export function csat(scope: Scope): Truth {
  const scores = tickets(scope).flatMap(({ ratedAt, csatScore }) =>
    within(scope, ratedAt) && csatScore !== null ? [csatScore] : [],
  );
  const sum = scores.reduce((total, score) => total + score, 0);
  return { value: scores.length === 0 ? null : sum / scores.length, unit: 'score', rows: scores.length };
}

/** The lists of sandbox/TRUTH.md. */
const CONTENT = new Set([
  ...['thanks', 'thank', 'great', 'love', 'excellent', 'awesome', 'amazing', 'helpful', 'happy', 'perfect'],
  ...['wonderful', 'fantastic', 'appreciate', 'glad', 'pleased', 'impressed', 'resolved', 'solved', 'works'],
  ...['fast', 'smooth'],
]);
const UPSET = new Set([
  ...['fail', 'fails', 'failed', 'failing', 'failure', 'error', 'errors', 'broken', 'down', 'outage', 'slow'],
  ...['stuck', 'timeout', 'timeouts', 'lost', 'wrong', 'bad', 'angry', 'frustrated', 'frustrating'],
  ...['disappointed', 'unacceptable', 'terrible', 'awful', 'useless', 'worse', 'worst', 'urgent', 'stopped'],
  ...['blocked', 'cannot', 'unable', 'complaint', 'cancel', 'leaving', 'bug', 'crash', 'unusable'],
]);
const NEGATION = /^(?:not|no|never|without|isnt|doesnt|dont|wasnt|didnt|wont)$/;

function mood({ subject, body }: TicketRecord): number {
  const said =
    `${subject}\n${body}`
      .toLowerCase()
      .replace(/['’]/g, '')
      .match(/[a-z]+/g) ?? [];
  let sum = 0;
  said.forEach((word, place) => {
    const negated = NEGATION.test(said[place - 1] ?? '') || NEGATION.test(said[place - 2] ?? '');
    if (CONTENT.has(word)) sum += negated ? -1 : 1;
    if (UPSET.has(word) && !negated) sum -= 1;
  });
  return Math.sign(sum);
}

export function ticketSentiment(scope: Scope): Truth {
  const moods = tickets(scope)
    .filter(({ openedAt }) => within(scope, openedAt))
    .map(mood);
  const sum = moods.reduce((total, one) => total + one, 0);
  return { value: moods.length === 0 ? null : sum / moods.length, unit: 'ratio', rows: moods.length };
}
