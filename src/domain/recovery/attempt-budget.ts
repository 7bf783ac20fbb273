import {
  type Attempt,
  type AttemptDecision,
  type AttemptRequest,
  type Obstacle,
  REFUSALS,
  type Refusal,
} from './attempt.ts';
import { classifyDecline, type DeclineClass } from './classify-decline.ts';
import { type AttemptRules, DEFAULT_ATTEMPT_RULES, limitsFor, type NetworkLimit } from './network-limits.ts';

/**
 * Whether a charge may be tried at an instant, by everything that was tried with the card before: one ledger a card,
 * across all invoices and customers, for schedules and people alike. `history` may be in any order and hold other
 * cards; attempts dated after `at` (a clock that differs) count as made now. Pure: what it allows is to be written
 * down before the charge is sent.
 */
export function planAttempt(
  history: readonly Attempt[],
  request: AttemptRequest,
  at: number,
  rules: AttemptRules = DEFAULT_ATTEMPT_RULES,
): AttemptDecision {
  const ofCard = history
    .filter((attempt) => attempt.fingerprint === request.fingerprint)
    .sort((one, other) => one.at - other.at);
  const sent = ofCard.filter((attempt) => attempt.reachedNetwork);
  const limits = limitsFor(rules, request.network, request.acquirerCountry);
  const obstacles = [
    ...inFlight(ofCard),
    ...forbidden(ofCard, request),
    ...manualOnly(request, rules),
    ...waits(ofCard, request, at, rules),
    ...limits.flatMap((limit) => overLimit(sent, request, limit, at)),
  ].sort((one, other) => REFUSALS.indexOf(one.reason) - REFUSALS.indexOf(other.reason));
  const [first] = obstacles;
  if (!first) {
    return {
      allowed: true,
      left: limits.map((limit) => ({
        rule: limit.id,
        attempts: limit.cap - counted(sent, request, limit, at).length,
      })),
    };
  }
  return {
    allowed: false,
    reason: first.reason,
    words: first.words,
    againAt: latest(obstacles.map(({ untilAt }) => untilAt)),
    obstacles,
    needs: needed(first.reason),
  };
}

function latest(instants: readonly (number | null)[]): number | null {
  return instants.reduce(
    (late: number | null, at) => (late === null || at === null ? null : Math.max(late, at)),
    0,
  );
}

function needed(reason: Refusal): Extract<AttemptDecision, { allowed: false }>['needs'] {
  switch (reason) {
    case 'in_flight':
      return 'answer';
    case 'network_forbids':
    case 'never_again':
    case 'held_by_provider':
      return 'new_method';
    case 'needs_customer':
      return 'customer';
    case 'once_only':
    case 'manual_only':
      return 'person';
    case 'advised_wait':
    case 'minimum_gap':
    case 'network_limit':
      return 'time';
  }
}

function inFlight(ofCard: readonly Attempt[]): Obstacle[] {
  const open = ofCard.find(({ outcome }) => outcome === 'pending' || outcome === 'unknown');
  if (!open) return [];
  return [
    {
      reason: 'in_flight',
      rule: open.id,
      words: 'An earlier charge of this card has no answer yet. It has to be looked up first.',
      untilAt: null,
    },
  ];
}

/** What declines after the card's last success forbid. A success shows that the bank takes the card again. */
function forbidden(ofCard: readonly Attempt[], request: AttemptRequest): Obstacle[] {
  const lastSuccess = ofCard.findLastIndex(({ outcome }) => outcome === 'succeeded');
  const declines = ofCard.slice(lastSuccess + 1).flatMap((attempt) => {
    return attempt.decline ? [{ attempt, means: classifyDecline(attempt.decline) }] : [];
  });
  return declines.flatMap(({ attempt, means }, index) => {
    const again = declines.slice(0, index).some((earlier) => earlier.means.onceOnly);
    return obstacleOf(attempt, means, request, again);
  });
}

function obstacleOf(
  attempt: Attempt,
  means: DeclineClass,
  request: AttemptRequest,
  unknownBefore: boolean,
): Obstacle[] {
  const rule = means.code ?? 'unknown code';
  const say = (reason: Refusal, words: string): Obstacle[] => [{ reason, rule, words, untilAt: null }];
  // A wrong amount or a duplicate is about that charge, not about the card.
  if (means.category === 'config' && !sameAmount(attempt, request)) return [];
  if (means.networkForbids) {
    return say('network_forbids', 'The card network forbids another attempt with this card.');
  }
  if (means.retry === 'no') return say('never_again', 'The bank said not to try this card again.');
  if (means.heldByStripe && !actedAfter(attempt, request)) {
    return say(
      'held_by_provider',
      'Stripe sends nothing to the bank before there is another payment method.',
    );
  }
  if (means.retry === 'after_action' && !actedAfter(attempt, request)) {
    return say('needs_customer', 'The customer has to update or confirm the card first.');
  }
  if (means.onceOnly && unknownBefore && request.by === 'schedule') {
    return say('once_only', 'The bank gave no reason we know, twice. A person has to look at it.');
  }
  return [];
}

function actedAfter(attempt: Attempt, request: AttemptRequest): boolean {
  return request.actedAt !== null && request.actedAt > attempt.at;
}

function sameAmount(attempt: Attempt, request: AttemptRequest): boolean {
  return attempt.amountMinor === request.amountMinor && attempt.currency === request.currency;
}

function manualOnly(request: AttemptRequest, rules: AttemptRules): Obstacle[] {
  const { cardCountry, by } = request;
  if (by !== 'schedule' || cardCountry === null || !rules.manualOnlyCountries.includes(cardCountry))
    return [];
  return [
    {
      reason: 'manual_only',
      rule: cardCountry,
      words: `Cards of ${cardCountry} are not charged by a schedule.`,
      untilAt: null,
    },
  ];
}

/** Times the network named for the last decline, and the gap we keep ourselves. */
function waits(
  ofCard: readonly Attempt[],
  request: AttemptRequest,
  at: number,
  rules: AttemptRules,
): Obstacle[] {
  const last = ofCard.findLast(({ reachedNetwork }) => reachedNetwork);
  if (last?.outcome !== 'declined') return [];
  const means = last.decline ? classifyDecline(last.decline) : null;
  const advisedAt = Math.min(last.at, at) + (means?.waitMs ?? 0);
  const gapAt = Math.min(last.at, at) + rules.minimumGapMs;
  const obstacles: Obstacle[] = [];
  if (means && at < advisedAt) {
    obstacles.push({
      reason: 'advised_wait',
      rule: means.code ?? 'advice',
      words: 'The card network asked to wait longer before another attempt.',
      untilAt: advisedAt,
    });
  }
  if (at < gapAt && !actedAfter(last, request)) {
    obstacles.push({
      reason: 'minimum_gap',
      rule: 'minimum gap',
      words: `The card was tried less than ${Math.round(rules.minimumGapMs / 3_600_000)} hours ago.`,
      untilAt: gapAt,
    });
  }
  return obstacles;
}

function counted(
  sent: readonly Attempt[],
  request: AttemptRequest,
  limit: NetworkLimit,
  at: number,
): Attempt[] {
  return sent.filter(
    (attempt) =>
      attempt.at > at - limit.windowMs &&
      (limit.scope === 'card' || sameAmount(attempt, request)) &&
      (limit.counts === 'attempts' || attempt.outcome !== 'succeeded'),
  );
}

function overLimit(
  sent: readonly Attempt[],
  request: AttemptRequest,
  limit: NetworkLimit,
  at: number,
): Obstacle[] {
  const within = counted(sent, request, limit, at);
  // As many of the oldest have to leave the window as there is one too many.
  const leaving = within[within.length - limit.cap];
  if (!leaving) return [];
  return [
    {
      reason: 'network_limit',
      rule: limit.id,
      words: `There were ${within.length} already: ${limit.words}.`,
      untilAt: leaving.at + limit.windowMs,
    },
  ];
}
