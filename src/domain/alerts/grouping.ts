/** Alerts of one kind that happened within this long of each other share a card. */
export const GROUP_WITHIN_MS = 60_000;
/** From this many live cards of a kind in one place on, what is new joins the newest of them. */
export const MAX_CARDS = 3;
/** Messages about alerts in one place in an hour, cards and lines in their threads together. */
export const MESSAGES_AN_HOUR = 12;

/** A card of this kind in this place on which something is still open. */
export interface LiveCard {
  id: string;
  /** When the newest of its alerts happened. */
  joinedAt: number;
}

export type Allotment =
  | { to: 'new' }
  /** `say`: nobody would notice it otherwise, so a line goes into the card's thread. */
  | { to: 'card'; cardId: string; say: boolean }
  /** There is no card to join and no message left to post: later. */
  | { to: 'later' };

/**
 * On which card new alerts of one kind go, the first of which happened at `happenedAt`. Time is that of what
 * happened, not of when it was told: what was long so when Psi first looked is no company for what is new.
 * `messagesLeft` is what the hour still allows.
 */
export function allot(live: readonly LiveCard[], messagesLeft: number, happenedAt: number): Allotment {
  const [newest] = [...live].sort((a, b) => b.joinedAt - a.joinedAt);
  if (newest && Math.abs(happenedAt - newest.joinedAt) <= GROUP_WITHIN_MS) {
    return { to: 'card', cardId: newest.id, say: false };
  }
  if (newest && (live.length >= MAX_CARDS || messagesLeft <= 0)) {
    return { to: 'card', cardId: newest.id, say: messagesLeft > 0 };
  }
  return messagesLeft > 0 ? { to: 'new' } : { to: 'later' };
}
