import type { Selectable } from 'kysely';
import { z } from 'zod';
import { SERVICE_LEVELS } from '../../domain/billing/gateways.ts';
import type { Dunning, DunningEvent, RecoveryDesk } from '../../domain/recovery/desk.ts';
import { assertRegistered, registrationOf } from '../../domain/recovery/experiment.ts';
import { RECOVERY_SEGMENTS } from '../../domain/recovery/segments.ts';
import type { Clock } from '../../lib/clock.ts';
import { SystemError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { allRows, change, firstRow, ledgerTransaction } from '../ledger.ts';
import type { Store } from '../open-store.ts';
import type { Schema } from '../schema.ts';

type Book = Pick<
  RecoveryDesk,
  | 'open'
  | 'close'
  | 'openDunnings'
  | 'dunningOf'
  | 'dunningsSince'
  | 'note'
  | 'eventsOf'
  | 'levelsOf'
  | 'restricted'
  | 'restoredSince'
  | 'noteLevel'
  | 'register'
>;

/** What was done about each customer who owes, and what was taken away and given back. */
export function createDunningBook({ store, clock }: { store: Store; clock: Clock }): Book {
  const { db } = store;
  const states = () => db.selectFrom('dunning_states').selectAll();
  const openOf = (customerId: string) =>
    firstRow(store, states().where('customer_id', '=', customerId).where('closed_at', 'is', null).compile());
  return {
    open: (dunning) =>
      ledgerTransaction(store, () => {
        const known = openOf(dunning.customerId);
        if (known) return dunningFrom(known);
        const row = {
          id: newId('dun'),
          customer_id: dunning.customerId,
          opened_at: dunning.openedAt,
          segment: dunning.segment,
          ladder: dunning.ladder,
          experiment_id: dunning.experiment?.id ?? null,
          arm: dunning.experiment?.arm ?? null,
          closed_at: null,
          closed_because: null,
        };
        change(store, db.insertInto('dunning_states').values(row).compile());
        return dunningFrom(row);
      }),
    close: async (id, because) => {
      const values = { closed_at: clock.now(), closed_because: because };
      const query = db.updateTable('dunning_states').set(values).where('id', '=', id);
      change(store, query.where('closed_at', 'is', null).compile());
    },
    openDunnings: async () =>
      allRows(store, states().where('closed_at', 'is', null).orderBy('opened_at').compile()).map(dunningFrom),
    dunningOf: async (customerId) => {
      const row = openOf(customerId);
      return row && dunningFrom(row);
    },
    dunningsSince: async (at) =>
      allRows(store, states().where('opened_at', '>=', at).orderBy('opened_at').compile()).map(dunningFrom),
    note: async (customerId, { kind, step, untilAt, by }) => {
      const row = {
        id: newId('dne'),
        customer_id: customerId,
        at: clock.now(),
        kind,
        step,
        until_at: untilAt,
        made_by: by,
      };
      change(store, db.insertInto('dunning_events').values(row).compile());
    },
    eventsOf: async (customerId) =>
      allRows(
        store,
        db
          .selectFrom('dunning_events')
          .selectAll()
          .where('customer_id', '=', customerId)
          .orderBy('at')
          .orderBy('id')
          .compile(),
      ).map(eventFrom),
    levelsOf: async (customerId) =>
      allRows(
        store,
        db
          .selectFrom('restriction_events')
          .selectAll()
          .where('customer_id', '=', customerId)
          .orderBy('at')
          .compile(),
      ).map(({ at, level }) => ({ at, level: levelFrom(level) })),
    restricted: async () => {
      const last = new Map<string, string>();
      const rows = allRows(store, db.selectFrom('restriction_events').selectAll().orderBy('at').compile());
      for (const { customer_id, level } of rows) last.set(customer_id, level);
      return [...last].flatMap(([customerId, level]) =>
        level === 'full' ? [] : [{ customerId, level: levelFrom(level) }],
      );
    },
    restoredSince: async (at) =>
      allRows(
        store,
        db
          .selectFrom('restriction_events')
          .select('id')
          .where('level', '=', 'full')
          .where('at', '>=', at)
          .compile(),
      ).length,
    noteLevel: async ({ id, customerId, level }) => {
      const row = { id, customer_id: customerId, at: clock.now(), level };
      const query = db.insertInto('restriction_events').values(row);
      change(store, query.onConflict((conflict) => conflict.column('id').doNothing()).compile());
    },
    register: (experiment) =>
      ledgerTransaction(store, () => {
        const known = firstRow(
          store,
          db.selectFrom('recovery_experiments').selectAll().where('id', '=', experiment.id).compile(),
        );
        if (known) return assertRegistered(experiment, known.registration);
        const registration = registrationOf(experiment);
        const row = { id: experiment.id, registered_at: clock.now(), registration };
        change(store, db.insertInto('recovery_experiments').values(row).compile());
      }),
  };
}

const segmentSchema = z.enum(RECOVERY_SEGMENTS);
const becauseSchema = z.enum(['paid', 'gone']).nullable();
const kindSchema = z.enum([
  'step',
  'rehearsal_shown',
  'rehearsal_approved',
  'paused',
  'resumed',
  'opted_out',
]);

function levelFrom(text: string) {
  const found = SERVICE_LEVELS.find((level) => level === text);
  if (found === undefined) throw new SystemError('store_failed', `there is no service level ${text}`);
  return found;
}

function dunningFrom(row: Selectable<Schema['dunning_states']>): Dunning {
  try {
    return {
      id: row.id,
      customerId: row.customer_id,
      openedAt: row.opened_at,
      segment: segmentSchema.parse(row.segment),
      ladder: segmentSchema.parse(row.ladder),
      experiment:
        row.experiment_id === null || row.arm === null ? null : { id: row.experiment_id, arm: row.arm },
      closedAt: row.closed_at,
      closedBecause: becauseSchema.parse(row.closed_because),
    };
  } catch (cause) {
    throw new SystemError('store_failed', `the dunning ${row.id} cannot be read`, { cause });
  }
}

function eventFrom(row: Selectable<Schema['dunning_events']>): DunningEvent {
  const kind = kindSchema.safeParse(row.kind);
  if (!kind.success) throw new SystemError('store_failed', `the dunning event ${row.id} cannot be read`);
  return { at: row.at, kind: kind.data, step: row.step, untilAt: row.until_at, by: row.made_by };
}
