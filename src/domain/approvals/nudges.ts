import { loudFrom, loudUntil } from '../policy/quiet-hours.ts';
import type { Policy, ToolRule } from '../policy/schema.ts';

/** Somebody who may have to hear of a proposal that waits. */
export interface Watcher {
  userId: string;
  tz: string;
  awayUntilAt: number | null;
  delegateId: string | null;
  /** May decide it and has not. */
  decides: boolean;
  /** Has a role it escalates to. */
  above: boolean;
}

export interface Nudge {
  kind: 'reminder' | 'last_call' | 'delegate' | 'escalation';
  userId: string;
  /** Due at this instant: outside quiet hours where the person is, and before the expiry. */
  at: number;
  /** For a delegate: who is away. */
  insteadOf: string | null;
}

/**
 * Everything that will be said while a proposal waits, to whom and when, as things stand at `nowAt`. Who is away
 * hears of it when they are back; a delegate who may decide hears of it at once; when everybody who could decide is
 * away without one, those above hear of it as early as a reminder would have come.
 */
export function nudgesFor(question: {
  createdAt: number;
  expiresAt: number;
  nowAt: number;
  watchers: readonly Watcher[];
  timing: ToolRule['timing'];
  quiet: Policy['quiet_hours'];
}): Nudge[] {
  const { createdAt, expiresAt, nowAt, watchers, timing, quiet } = question;
  const isAway = (one: Watcher) => one.awayUntilAt !== null && one.awayUntilAt > nowAt;
  const deciders = watchers.filter((one) => one.decides);
  const standIns = deciders.filter(isAway).flatMap((absent) => {
    const delegate = deciders.find((one) => one.userId === absent.delegateId);
    return delegate === undefined || isAway(delegate) ? [] : [{ absent, delegate }];
  });
  const someoneIsHere = deciders.some((one) => !isAway(one));
  const escalateAfter = someoneIsHere
    ? timing.escalate_after
    : Math.min(timing.remind_after, timing.escalate_after);

  const due = (
    kind: Nudge['kind'],
    person: Watcher,
    wantedAt: number,
    insteadOf: string | null = null,
  ): Nudge[] => {
    const here = Math.max(wantedAt, person.awayUntilAt ?? wantedAt);
    const at = loudFrom(here, quiet, person.tz);
    if (at < expiresAt) return [{ kind, userId: person.userId, at, insteadOf }];
    // The last word comes before a night in which it would expire, rather than not at all.
    const before = loudUntil(here, quiet, person.tz);
    const inTime =
      kind === 'last_call' && here < expiresAt && before > createdAt && before >= (person.awayUntilAt ?? 0);
    return inTime ? [{ kind, userId: person.userId, at: before, insteadOf }] : [];
  };

  return [
    ...deciders.flatMap((one) => [
      ...due('reminder', one, createdAt + timing.remind_after),
      ...due('last_call', one, Math.max(createdAt, expiresAt - timing.remind_before_expiry)),
    ]),
    ...standIns.flatMap(({ absent, delegate }) => due('delegate', delegate, createdAt, absent.userId)),
    ...watchers
      .filter((one) => one.above)
      .flatMap((one) => due('escalation', one, createdAt + escalateAfter)),
  ];
}
