import type { Finding } from './finding.ts';
import { instant, lasting, median, percent, whole } from './words.ts';

export interface PlatformHealth {
  /** Complete hours, oldest first. */
  hours: readonly { startAt: number; calls: number; errors5xx: number }[];
  /** Those open now or ended within the last days. */
  incidents: readonly {
    id: string;
    title: string;
    severity: string;
    startedAt: number;
    endedAt: number | null;
  }[];
}

/** A week of hours to compare with. */
export const HEALTH_WITHIN_MS = 7 * 86_400_000;

const HOUR_MS = 3_600_000;
/** Fewer calls or errors in an hour say nothing about a rate. */
const MIN_CALLS = 1_000;
const MIN_ERRORS = 50;
const MIN_HOURS = 48;
/** A platform without errors would make every error a multiple of nothing. */
const FLOOR_RATE = 0.002;
const OPENS_AT_RATE = 0.01;
const OPENS_AT_TIMES = 4;
const CLOSES_AT_TIMES = 2;
/** An hour older than this says nothing about now. */
const CURRENT_WITHIN_MS = 2 * HOUR_MS;

/** An incident that is open, and without one an hour with many more server errors than usual. */
export function errorsSpiked(health: PlatformHealth, at: { nowAt: number; tz: string }): Finding[] {
  return [
    ...health.incidents.map((incident) => incidentFinding(incident, at.tz)),
    ...rateFinding(health, at),
  ];
}

function incidentFinding(
  { id, title, severity, startedAt, endedAt }: PlatformHealth['incidents'][number],
  tz: string,
): Finding {
  const subject = { kind: 'incident', id, name: title };
  if (endedAt !== null) {
    const words = `The incident ended ${instant(endedAt, tz)}, after ${lasting(endedAt - startedAt)}.`;
    return { verdict: 'clear', kind: 'error_spike', subject, words };
  }
  return {
    verdict: 'raise',
    kind: 'error_spike',
    subject,
    title: `An incident is open: ${title}.`,
    detail: `Severity ${severity}, since ${instant(startedAt, tz)}.`,
    facts: [`Incident ${id}, severity ${severity}, started ${instant(startedAt, tz)}`],
    amount: null,
    count: 1,
    lastSeenAt: startedAt,
  };
}

/** While an incident is open its own card tells of the errors. */
function rateFinding({ hours, incidents }: PlatformHealth, at: { nowAt: number; tz: string }): Finding[] {
  const subject = { kind: 'platform', id: 'api', name: 'API' };
  const last = hours.at(-1);
  if (!last || at.nowAt - last.startAt > CURRENT_WITHIN_MS + HOUR_MS) return [];
  const inIncident = (hour: { startAt: number }) =>
    incidents.some(
      ({ startedAt, endedAt }) =>
        startedAt < hour.startAt + HOUR_MS && (endedAt === null || endedAt > hour.startAt),
    );
  if (inIncident(last)) return [];
  const before = hours.slice(0, -1).filter((hour) => hour.calls >= MIN_CALLS && !inIncident(hour));
  if (last.calls < MIN_CALLS || before.length < MIN_HOURS) return [];
  const usual = Math.max(FLOOR_RATE, median(before.map((hour) => hour.errors5xx / hour.calls)));
  const rate = last.errors5xx / last.calls;
  const over = `${instant(last.startAt, at.tz)} to ${instant(last.startAt + HOUR_MS, at.tz)}`;
  if (rate < usual * CLOSES_AT_TIMES) {
    const words = `The share of server errors is ${percent(rate)} again, in the hour from ${over}.`;
    return [{ verdict: 'clear', kind: 'error_spike', subject, words }];
  }
  if (rate < OPENS_AT_RATE || rate < usual * OPENS_AT_TIMES || last.errors5xx < MIN_ERRORS) return [];
  return [
    {
      verdict: 'raise',
      kind: 'error_spike',
      subject,
      title: `${percent(rate)} of API calls failed with a server error in the last full hour, usual ${percent(usual)}.`,
      detail: `${whole(last.errors5xx)} of ${whole(last.calls)} calls, ${over}. No incident is open.`,
      facts: hours
        .slice(-6)
        .map(
          (hour) => `${instant(hour.startAt, at.tz)}: ${whole(hour.errors5xx)} of ${whole(hour.calls)} calls`,
        ),
      amount: null,
      count: 1,
      lastSeenAt: last.startAt + HOUR_MS,
    },
  ];
}
