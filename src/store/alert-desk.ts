import { ALERT_KINDS, type AlertDesk, type AlertKind, type AlertRecord } from '../domain/alerts/alert.ts';
import { isSnoozed } from '../domain/alerts/lifecycle.ts';
import { type AlertRule, kindsFor } from '../domain/policy/alert-rules.ts';
import type { Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { AlertCards } from './alert-cards.ts';
import type { AlertBook } from './alerts.ts';

/** What people see and do of the book, by the policy's rules as they stand. */
export function createAlertDesk(parts: {
  book: AlertBook;
  cards: Pick<AlertCards, 'alertsAt'>;
  clock: Clock;
  rules(): Record<AlertKind, AlertRule>;
  changed(): void;
  /** Resolves when there has been a first look. */
  begun(): Promise<void>;
}): AlertDesk {
  const { book, cards, clock } = parts;
  const kinds = (reader: Pick<Principal, 'roles'>) => kindsFor(reader.roles, parts.rules());

  function visible(alertId: string, by: Principal): AlertRecord {
    const alert = book.get(alertId);
    if (!alert) throw new UserError('not_found', 'There is no such alert.');
    if (!kinds(by).includes(alert.kind))
      throw new UserError('not_allowed', 'Your role does not include alerts of this kind.');
    return alert;
  }

  async function change(alertId: string, patch: Parameters<AlertBook['change']>[1]) {
    const done = await book.change(alertId, patch);
    if (!done) throw new UserError('conflict', 'That is over already, so there is nothing to do.');
    parts.changed();
    return done;
  }

  return {
    kindsFor: kinds,
    async open({ kinds: wanted, limit }) {
      await parts.begun();
      const asked = wanted ?? ALERT_KINDS;
      return book.list({ kinds: asked, nowAt: clock.now(), snoozed: false, limit });
    },
    async list(reader, { list, kinds: wanted, limit }) {
      await parts.begun();
      return book.list({
        kinds: kinds(reader).filter((kind) => wanted === undefined || wanted.includes(kind)),
        nowAt: clock.now(),
        ...(list === 'mine' ? { ownerId: reader.userId } : { snoozed: list === 'snoozed' }),
        limit,
      });
    },
    inThread: async (reader, place) =>
      cards
        .alertsAt(place.channelId, place.threadTs)
        .filter((alert) => alert.state === 'open' && kinds(reader).includes(alert.kind)),
    async snooze(alertId, untilAt, by) {
      const alert = visible(alertId, by);
      if (untilAt === null && !isSnoozed(alert, clock.now()))
        throw new UserError('conflict', 'That alert is not snoozed.');
      return change(alertId, { snoozedUntilAt: untilAt });
    },
    async own(alertId, taken, by) {
      const { owner } = visible(alertId, by);
      if (taken && owner && owner.userId !== by.userId)
        throw new UserError('conflict', `${owner.name} has it already.`, 'Ask them to give it back first.');
      if (!taken && owner?.userId !== by.userId)
        throw new UserError('conflict', owner ? `${owner.name} has it, not you.` : 'Nobody has it.');
      return change(alertId, { owner: taken ? { userId: by.userId, name: by.name } : null });
    },
  };
}
