import { type Feature, silent, value } from '../feature.ts';
import { readTicket } from '../ticket-signals.ts';
import { DAY_MS, since } from '../windows.ts';

/** A ticket's weight halves in this time. */
const HALF_LIFE_DAYS = 30;

export const ticketSentiment: Feature = {
  name: 'ticket_sentiment',
  title: 'Ticket sentiment',
  window: 'tickets opened in the last 90 days, the newer the heavier',
  source: 'supabase',
  nullRule: 'says nothing where no ticket was opened in 90 days',
  measure(known) {
    const recent = known.tickets.filter(({ openedAt }) => openedAt >= since(known, 90));
    if (recent.length === 0) return silent('no ticket in 90 days');
    let [sum, weights, upset] = [0, 0, 0];
    for (const { openedAt, text } of recent) {
      const weight = 0.5 ** ((known.at - openedAt) / (HALF_LIFE_DAYS * DAY_MS));
      const { sentiment } = readTicket(text);
      sum += weight * sentiment;
      weights += weight;
      if (sentiment < 0) upset += 1;
    }
    const noun = recent.length === 1 ? 'ticket' : 'tickets';
    return value(sum / weights, `${upset} of ${recent.length} ${noun} in 90 days read as upset`);
  },
  scale: [
    [-1, 0],
    [-0.5, 35],
    [0, 80],
    [0.5, 100],
  ],
  lever: { effort: 2, say: () => 'the upset tickets settled without a new one' },
};

/** A ticket that waited this long for its first answer has waited too long. */
const PATIENCE_MS = DAY_MS;

export const unanswered: Feature = {
  name: 'unanswered',
  title: 'Tickets without an answer',
  window: 'tickets open now',
  source: 'supabase',
  nullRule: 'says nothing where no ticket was opened in 90 days',
  measure(known) {
    const recent = known.tickets.filter(({ openedAt }) => openedAt >= since(known, 90));
    if (recent.length === 0) return silent('no ticket in 90 days');
    const waiting = recent.filter(
      ({ openedAt, firstResponseAt, closedAt }) =>
        firstResponseAt === null && closedAt === null && known.at - openedAt > PATIENCE_MS,
    ).length;
    return value(
      waiting,
      waiting === 0
        ? 'every ticket has an answer or is younger than a day'
        : `${waiting} ${waiting === 1 ? 'ticket has' : 'tickets have'} waited over a day for an answer`,
    );
  },
  scale: [
    [0, 100],
    [1, 40],
    [2, 15],
    [3, 0],
  ],
  lever: {
    effort: 1,
    say: (target) =>
      target < 1 ? 'every ticket answered' : `at most ${Math.floor(target)} ticket without an answer`,
  },
};

export const satisfaction: Feature = {
  name: 'satisfaction',
  title: 'Satisfaction with support',
  window: 'ratings of the last 180 days',
  source: 'supabase',
  nullRule: 'says nothing where nothing was rated in 180 days',
  measure(known) {
    const rated = known.tickets.flatMap(({ score, ratedAt }) =>
      score !== null && ratedAt !== null && ratedAt >= since(known, 180) ? [score] : [],
    );
    if (rated.length === 0) return silent('no rating in 180 days');
    const mean = rated.reduce((sum, score) => sum + score, 0) / rated.length;
    const noun = rated.length === 1 ? 'rating' : 'ratings';
    return value(mean, `${mean.toFixed(1)} of 5 over ${rated.length} ${noun} in 180 days`);
  },
  scale: [
    [1, 0],
    [3, 50],
    [4, 85],
    [5, 100],
  ],
  lever: null,
};
