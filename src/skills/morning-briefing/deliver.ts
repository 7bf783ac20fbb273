import type { Briefing } from '../../domain/briefing/briefing.ts';
import type { Principal } from '../../domain/types.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import type { BriefingRecord, DeliveryState } from '../../store/briefings.ts';
import { briefingMail } from './mail.ts';
import type { BriefingParts } from './parts.ts';

type Parts = Pick<BriefingParts, 'ledger' | 'surface' | 'mail' | 'simulated' | 'logger'>;

/** Channels not delivered yet and worth another try. */
const OPEN: readonly DeliveryState[] = ['waiting', 'failed'];

/**
 * Brings one channel of a briefing to its end as far as it goes; never throws, since one channel must not hold
 * the others. What failed is written down and may be tried again.
 */
export async function deliverSlack(parts: Parts, record: BriefingRecord, briefing: Briefing): Promise<void> {
  // The poster finds out what became of an interrupted post, so `sending` may be gone through again.
  if (![...OPEN, 'sending'].includes(record.states.slack)) return;
  const { key } = record;
  try {
    await parts.ledger.advance(key, 'slack', OPEN, 'sending');
    const { channelId, ts } = await parts.surface().post(record, briefing);
    await parts.ledger.advance(key, 'slack', ['sending'], 'sent', { channelId, ts });
  } catch (error) {
    parts.logger.error({ err: error, briefing: key }, 'a briefing could not be posted');
    await parts.ledger.advance(key, 'slack', ['sending'], 'failed');
  }
}

/** As `deliverSlack`; a mail whose answer was lost, or that a crash interrupted, is not sent again. */
export async function deliverEmail(
  parts: Parts,
  record: BriefingRecord,
  briefing: Briefing,
  reader: Principal,
): Promise<void> {
  const { key } = record;
  const lost =
    'The mail may or may not have arrived: the answer of the mail server was lost, so it was not sent again.';
  if (record.states.email === 'sending') {
    await parts.ledger.advance(key, 'email', ['sending'], 'unknown', { note: lost });
    return;
  }
  if (!OPEN.includes(record.states.email)) return;
  const { email, name } = reader;
  if (email === null || reader.roles.includes('guest')) {
    await parts.ledger.advance(key, 'email', OPEN, 'none', { note: 'Slack has no address of this reader.' });
    return;
  }
  if (!(await parts.ledger.advance(key, 'email', OPEN, 'sending'))) return;
  try {
    const mail = briefingMail(briefing, parts);
    const { messageId } = await parts.mail.send({ to: { email, name }, ...mail, messageKey: key });
    await parts.ledger.advance(key, 'email', ['sending'], 'sent', { messageId });
  } catch (error) {
    if (error instanceof UserError) {
      await parts.ledger.advance(key, 'email', ['sending'], 'none', { note: error.message });
      return;
    }
    const unknown = !(error instanceof SystemError) || error.code === 'effect_unknown';
    parts.logger.error({ err: error, briefing: key }, 'a briefing could not be mailed');
    if (unknown) await parts.ledger.advance(key, 'email', ['sending'], 'unknown', { note: lost });
    else await parts.ledger.advance(key, 'email', ['sending'], 'failed');
  }
}

/** App Home reads the newest briefing by itself: this only makes an open one do so now. */
export async function updateHome(parts: Parts, record: BriefingRecord): Promise<void> {
  if (record.states.home === 'sent') return;
  try {
    await parts.surface().showAtHome(record);
    await parts.ledger.advance(record.key, 'home', ['waiting', 'failed'], 'sent');
  } catch (error) {
    parts.logger.warn({ err: error, briefing: record.key }, 'App Home could not be brought up to date');
    await parts.ledger.advance(record.key, 'home', ['waiting'], 'failed');
  }
}

/** Channels that another attempt may still bring through. */
export function unfinished({ states }: BriefingRecord): string[] {
  const names = { slack: 'Slack', email: 'mail', home: 'App Home' };
  return (['slack', 'email', 'home'] as const)
    .filter((delivery) => OPEN.includes(states[delivery]))
    .map((delivery) => names[delivery]);
}

/** "Sent by Slack, mail and App Home", "Slack sent, mail unknown, App Home sent": for the run's summary. */
export function deliveryWords({ states, note }: BriefingRecord): string {
  const all = [states.slack, states.email, states.home].every((state) => state === 'sent');
  const said = all
    ? 'Sent by Slack, mail and App Home'
    : [`Slack ${states.slack}`, `mail ${states.email}`, `App Home ${states.home}`].join(', ');
  return note ? `${said}. ${note}` : said;
}
