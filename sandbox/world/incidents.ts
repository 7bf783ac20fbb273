import { DAY, HOUR, MINUTE } from './calendar.ts';
import { mustGet } from './lookup.ts';
import { chance } from './random.ts';
import type { IncidentRecord, World } from './records.ts';
import type { SimulatedWorld } from './simulated-world.ts';

interface PastIncident {
  daysAgo: number;
  minutes: number;
  title: string;
  severity: IncidentRecord['severity'];
}

/** The last is the outage of last week. */
const PAST_INCIDENTS: readonly PastIncident[] = [
  { daysAgo: 611.3, minutes: 38, title: 'Elevated latency in search', severity: 'minor' },
  { daysAgo: 498.6, minutes: 64, title: 'Errors creating API keys', severity: 'major' },
  { daysAgo: 377.4, minutes: 21, title: 'Delayed usage reports', severity: 'minor' },
  { daysAgo: 262.2, minutes: 112, title: 'Embeddings unavailable in the EU', severity: 'major' },
  { daysAgo: 141.7, minutes: 33, title: 'Batch jobs queued for long', severity: 'minor' },
  { daysAgo: 68.1, minutes: 47, title: 'Intermittent 502 answers', severity: 'major' },
  {
    daysAgo: 6.35,
    minutes: 171,
    title: 'API outage: database failover did not complete',
    severity: 'critical',
  },
];

/** The outage of last week, from its beginning; the rest of its history is in PAST_INCIDENTS. */
export function lastOutageAt(anchorNow: number): number {
  const last = PAST_INCIDENTS.at(-1);
  return Math.floor(anchorNow - (last?.daysAgo ?? 6) * DAY);
}

export function startIncident(
  world: World,
  wanted: { title: string; severity: IncidentRecord['severity'] },
): IncidentRecord {
  const now = world.now();
  const incident: IncidentRecord = {
    id: world.newId('inc'),
    ...wanted,
    startedAt: now,
    endedAt: null,
    updatedAt: now,
  };
  world.put('incidents', incident);
  world.emit({ at: now, type: 'psizero.incident.started', collection: 'incidents', id: incident.id });
  return incident;
}

export function endIncident(world: World, id: string): IncidentRecord {
  const incident = mustGet(world, 'incidents', id);
  if (incident.endedAt !== null) return incident;
  const now = world.now();
  const ended = { ...incident, endedAt: now, updatedAt: now };
  world.put('incidents', ended);
  world.emit({ at: now, type: 'psizero.incident.ended', collection: 'incidents', id });
  return ended;
}

/** Plans the history's incidents and the first of those to come. */
export function planIncidents(world: SimulatedWorld): void {
  for (const [index, { daysAgo }] of PAST_INCIDENTS.entries()) {
    world.schedule(Math.floor(world.anchor.now - daysAgo * DAY), 'incident_start', String(index));
  }
  planNext(world, PAST_INCIDENTS.length, world.anchor.now);
}

function planNext(world: SimulatedWorld, index: number, after: number): void {
  const draw = chance(world.anchor.seed, 'incident', index);
  world.schedule(Math.floor(after + draw.between(35, 110) * DAY), 'incident_start', String(index));
}

/** Begins the incident of that number, of the history or to come, and plans its end. */
export function beginIncident(world: SimulatedWorld, index: number): void {
  const past = PAST_INCIDENTS[index];
  const draw = chance(world.anchor.seed, 'incident.kind', index);
  const wanted = past ?? {
    title: draw.pick(['Elevated error rate', 'Slow answers in one region', 'Delayed batch jobs']),
    severity: draw.pick(['minor', 'minor', 'major']),
    minutes: draw.between(12, 80),
  };
  const incident = startIncident(world, { title: wanted.title, severity: wanted.severity });
  world.schedule(Math.floor(incident.startedAt + wanted.minutes * MINUTE), 'incident_end', incident.id);
  if (!past) planNext(world, index + 1, incident.startedAt + HOUR);
}
