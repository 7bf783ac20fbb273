import type { PeriodAnchor } from './rule.ts';

/** How far back an incident is looked for. */
export const LOOKED_BACK_MS = 400 * 86_400_000;

/** Incidents that were felt as instants to count from, newest first: "since the outage". */
export function incidentAnchors(incidents: readonly { startedAt: number }[]): PeriodAnchor[] {
  return incidents
    .map(({ startedAt }) => ({ words: ['outage', 'outages', 'incident', 'downtime'], at: startedAt }))
    .sort((a, b) => b.at - a.at);
}
