import { mustGet } from './lookup.ts';
import { SERVICE_LEVELS, type ServiceLevel, type ServiceRecord, type World } from './records.ts';
import type { Scope, Truth } from './truth-scope.ts';

/** What a customer may do with the API; everybody has it in full who was never restricted. */
export function serviceOf(world: World, customerId: string): ServiceRecord {
  const known = world.of('services', customerId)[0];
  if (known) return known;
  const id = `svc_${customerId}`;
  return { id, customerId, level: 'full', reason: null, sinceAt: null, lastKey: null };
}

export function setService(
  world: World,
  change: { customerId: string; level: ServiceLevel; reason: string; key: string },
): ServiceRecord {
  const { customerId, level, reason, key } = change;
  mustGet(world, 'customers', customerId);
  const service: ServiceRecord = {
    ...serviceOf(world, customerId),
    level,
    reason,
    sinceAt: world.now(),
    lastKey: key,
  };
  world.put('services', service);
  return service;
}

/** Of one customer how far they are restricted (0 in full to 4 suspended); of all, how many are and at which level. */
export function serviceTruth({ world, customerId }: Scope): Truth {
  const services = world
    .all('services')
    .filter((one) => (customerId === null ? one.level !== 'full' : one.customerId === customerId));
  const groups: Record<string, number> = {};
  for (const { level } of services) groups[level] = (groups[level] ?? 0) + 1;
  const rows = services.length;
  if (customerId === null) return { value: rows, unit: 'count', rows, groups };
  return {
    value: SERVICE_LEVELS.indexOf(serviceOf(world, customerId).level),
    unit: 'score',
    rows,
    groups,
  };
}
