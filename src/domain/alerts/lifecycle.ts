import type { AlertRecord } from './alert.ts';
import type { Cleared, Raised } from './finding.ts';

/** Within this long of being over, the same trouble is the same alert on the same card. */
export const REOPEN_WITHIN_MS = 6 * 3_600_000;

/** What a finding makes of the latest alert of its kind and subject; null when nothing changes. */
export type Step =
  | { change: 'opened' | 'updated' | 'reopened' | 'resolved'; alert: AlertRecord }
  | { change: 'none' };

/** Pure: `latest` is the newest alert of this kind and subject, open or over; `newId` names one that is opened. */
export function step(
  latest: AlertRecord | null,
  finding: Raised | Cleared,
  nowAt: number,
  newId: () => string,
): Step {
  if (finding.verdict === 'clear') return resolve(latest, finding, nowAt);
  if (latest?.state === 'open') return seenAgain(latest, finding);
  if (latest && latest.resolvedAt !== null && nowAt - latest.resolvedAt < REOPEN_WITHIN_MS) {
    return { change: 'reopened', alert: { ...again(latest, finding), ...REOPENED } };
  }
  return { change: 'opened', alert: opened(finding, nowAt, newId()) };
}

const REOPENED = { state: 'open', resolvedAt: null, resolution: null } as const;

function opened(finding: Raised, nowAt: number, id: string): AlertRecord {
  const { kind, subject, title, detail, facts, amount, count, lastSeenAt } = finding;
  return {
    ...{ id, kind, subject, title, detail, facts, amount, count, lastSeenAt },
    state: 'open',
    owner: null,
    snoozedUntilAt: null,
    openedAt: nowAt,
    resolvedAt: null,
    resolution: null,
    revision: 1,
  };
}

function again(alert: AlertRecord, finding: Raised): AlertRecord {
  const { subject, title, detail, facts, amount, count, lastSeenAt } = finding;
  return { ...alert, subject, title, detail, facts, amount, count, lastSeenAt, revision: alert.revision + 1 };
}

function seenAgain(alert: AlertRecord, finding: Raised): Step {
  const next = again(alert, finding);
  const said = ({ subject, title, detail, facts, amount, count, lastSeenAt }: AlertRecord) =>
    JSON.stringify([subject.name, title, detail, facts, amount, count, lastSeenAt]);
  return said(next) === said(alert) ? { change: 'none' } : { change: 'updated', alert: next };
}

function resolve(latest: AlertRecord | null, { words }: Cleared, nowAt: number): Step {
  if (latest?.state !== 'open') return { change: 'none' };
  const over = { state: 'resolved', resolvedAt: nowAt, resolution: words, snoozedUntilAt: null } as const;
  return { change: 'resolved', alert: { ...latest, ...over, revision: latest.revision + 1 } };
}

/** A snooze that has run out, or none at all, is no snooze. */
export function isSnoozed(alert: Pick<AlertRecord, 'snoozedUntilAt'>, nowAt: number): boolean {
  return alert.snoozedUntilAt !== null && alert.snoozedUntilAt > nowAt;
}
