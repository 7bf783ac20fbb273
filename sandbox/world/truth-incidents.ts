import { MINUTE } from './calendar.ts';
import type { IncidentRecord } from './records.ts';
import { count, type Scope, type Truth, within } from './truth-scope.ts';

/** The incidents of a world are few; none happens after its now. */
const incidents = ({ world }: Scope): readonly IncidentRecord[] => world.all('incidents');

export const incidentCount = (scope: Scope): Truth =>
  count(incidents(scope).filter(({ startedAt }) => within(scope, startedAt)).length);

export function incidentMinutes(scope: Scope): Truth {
  const end = Math.min(scope.end, scope.world.now());
  let sum = 0;
  let rows = 0;
  for (const { startedAt, endedAt } of incidents(scope)) {
    const lasted = Math.min(endedAt ?? end, end) - Math.max(startedAt, scope.start);
    if (lasted <= 0) continue;
    sum += lasted;
    rows += 1;
  }
  return { value: sum / MINUTE, unit: 'minutes', rows };
}

export function timeToRestore(scope: Scope): Truth {
  const lasted = incidents(scope).flatMap(({ startedAt, endedAt }) =>
    endedAt !== null && within(scope, endedAt) ? [endedAt - startedAt] : [],
  );
  const sum = lasted.reduce((total, one) => total + one, 0);
  return { value: lasted.length === 0 ? null : sum / lasted.length, unit: 'ms', rows: lasted.length };
}
