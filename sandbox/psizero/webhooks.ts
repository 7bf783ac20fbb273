import type { Sandbox } from '../core/types.ts';
import type { World, WorldChange } from '../world/records.ts';
import { iso, wireCustomer, wireIncident } from './wire.ts';

const PREFIX = 'psizero.';
const PATH = '/webhooks/psizero';

/** What the webhook of a change carries; null where none is sent. */
function dataOf(world: World, { type, collection, id }: WorldChange): unknown {
  if (type === 'psizero.usage.reported') return { customer_id: id };
  const customer = collection === 'customers' ? world.get(collection, id) : undefined;
  if (customer && type === 'psizero.customer.created') return wireCustomer(customer);
  const incident = collection === 'incidents' ? world.get(collection, id) : undefined;
  return incident ? wireIncident(incident) : null;
}

/** Delivers `customer.created`, `usage.reported`, `incident.started` and `incident.ended` of this world and every next. */
export function reportChanges(sandbox: Sandbox): void {
  const watch = () => {
    const { world } = sandbox;
    world.onChange((change) => {
      // A listener of a world that was replaced must not speak for the new one.
      if (world !== sandbox.world || !change.type.startsWith(PREFIX)) return;
      const data = dataOf(world, change);
      if (data === null) return;
      const id = world.newId('evt');
      const type = change.type.slice(PREFIX.length);
      const body = JSON.stringify({ id, type, created_at: iso(change.at), data });
      sandbox.webhooks.deliver({ system: 'psizero', path: PATH, id, body });
    });
  };
  watch();
  sandbox.onReset(watch);
}
