import type { StandIns } from '../../../sandbox/core/stand-ins.ts';
import type { CollectionName, Collections, World } from '../../../sandbox/world/records.ts';

/** A world with one customer in it, that remembers to which instants it was advanced. */
export function fakeWorld(anchor: World['anchor'], clock: { now(): number }, advances: number[] = []): World {
  const shelves = new Map<CollectionName, unknown[]>([
    ['customers', [{ id: 'psz_1', email: 'billing@acme.example', name: 'Acme' }]],
    ['userProfiles', [{ id: 'up_1', customerId: 'psz_1', email: 'dev@acme.example' }]],
  ]);
  return {
    anchor,
    now: () => clock.now(),
    get: () => undefined,
    // The one cast of these tests: a shelf holds what its name says.
    all: <C extends CollectionName>(name: C) => (shelves.get(name) ?? []) as Collections[C][],
    of: () => [],
    put: () => undefined,
    emit: () => undefined,
    onChange: () => undefined,
    newId: (prefix) => `${prefix}_1`,
    advanceTo: (at) => {
      advances.push(at);
    },
    usage: () => [],
    usagePieces: () => [],
    performance: () => [],
    fxRate: () => '1.000000',
  };
}

export interface FakeStandIns extends StandIns {
  advances: number[];
  slackPending: number;
}

export function fakeStandIns(): FakeStandIns {
  const fake: FakeStandIns = {
    advances: [],
    slackPending: 0,
    createWorld: (anchor, _parts, clock) => fakeWorld(anchor, clock, fake.advances),
    createWebhooks: () => ({ deliver: () => undefined, pending: () => 0 }),
    applyCompanyEvent: () => ({ id: 'evt_1' }),
    register: async () => ({
      pending: () => fake.slackPending,
      botUserId: () => 'U0PSIBOT',
      users: () => [],
      channels: () => [],
      watch: () => undefined,
    }),
  };
  return fake;
}
