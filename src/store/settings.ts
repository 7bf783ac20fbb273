import { z } from 'zod';
import { awaitedSlot, latestSlot, nextSlot } from '../domain/briefing/slots.ts';
import { defaultSettings, mayBeBriefed } from '../domain/people/defaults.ts';
import {
  BRIEFING_CHANNELS,
  type BriefingSettings,
  type PeopleSettings,
  type PersonSettings,
} from '../domain/people/settings.ts';
import { dayNameAt, isTimeZone } from '../domain/periods/calendar.ts';
import type { Role } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { servedDues } from './briefings.ts';
import { change as changeRows, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';

export interface Person {
  teamId: string;
  userId: string;
}

/** `PeopleSettings` with what the schedule asks beside. */
export interface SettingsStore extends PeopleSettings {
  /** No slot before this instant is owed: when the briefing was last switched on, or when Psi first knew the person. */
  briefingSinceAt(person: Person): Promise<number>;
  /** Writes down whoever is new; the first ever met are owed the newest briefing that was due. */
  meet(people: readonly Person[]): Promise<void>;
}

const briefingSchema = z.strictObject({
  on: z.boolean(),
  time: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
  tz: z.string().refine(isTimeZone),
  channels: z.array(z.enum(BRIEFING_CHANNELS)),
});

/** A day, and what a change of clocks can add to it. */
const OWED_MS = 26 * 60 * 60 * 1000;

/** @param rolesOf the roles of a member as the policy gives them now; none for somebody unknown */
export function createPeopleSettings(parts: {
  store: Store;
  clock: Clock;
  companyTz: string;
  rolesOf(person: Person): Promise<readonly Role[]>;
}): SettingsStore {
  const { store, clock, companyTz } = parts;
  const row = ({ teamId, userId }: Person) =>
    firstRow(
      store,
      store.db
        .selectFrom('person_settings')
        .selectAll()
        .where('team_id', '=', teamId)
        .where('user_id', '=', userId)
        .compile(),
    );

  function read(person: Person, roles: readonly Role[]): PersonSettings {
    const chosen = row(person);
    const defaults = defaultSettings(roles, companyTz);
    if (!chosen) return defaults;
    const parsed = briefingSchema.safeParse(JSON.parse(chosen.briefing));
    const briefing = parsed.success ? parsed.data : defaults.briefing;
    return {
      briefing: { ...briefing, on: briefing.on && mayBeBriefed(roles) },
      delegateId: chosen.delegate_id,
      awayUntilAt: chosen.away_until_at,
    };
  }

  async function briefingSinceAt(person: Person): Promise<number> {
    return row(person)?.briefing_since_at ?? metAt(store, person) ?? clock.now();
  }

  return {
    briefingSinceAt,
    meet: (people) => ledgerTransaction(store, () => meetAll(store, people, clock.now())),
    get: async (person) => read(person, await parts.rolesOf(person)),
    async change(person, change) {
      const roles = await parts.rolesOf(person);
      if (change.briefing && !mayBeBriefed(roles))
        throw new UserError('not_allowed', 'Guests of this workspace have no briefing.', 'Ask a member.');
      const wanted = change.briefing ? checked(change.briefing) : {};
      return ledgerTransaction(store, () => {
        const before = read(person, roles);
        const after: PersonSettings = {
          briefing: { ...before.briefing, ...wanted },
          delegateId: change.delegateId === undefined ? before.delegateId : change.delegateId,
          awayUntilAt: change.awayUntilAt === undefined ? before.awayUntilAt : change.awayUntilAt,
        };
        const nowAt = clock.now();
        const known = row(person)?.briefing_since_at ?? metAt(store, person) ?? nowAt;
        const sinceAt = owedSince(before.briefing, after.briefing, { known, nowAt });
        const values = {
          briefing: JSON.stringify(after.briefing),
          delegate_id: after.delegateId,
          away_until_at: after.awayUntilAt,
          briefing_since_at: sinceAt,
          changed_at: nowAt,
        };
        changeRows(
          store,
          store.db
            .insertInto('person_settings')
            .values({ team_id: person.teamId, user_id: person.userId, ...values })
            .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doUpdateSet(values))
            .compile(),
        );
        return { before, after };
      });
    },
    async nextBriefingAt(person) {
      const { briefing } = read(person, await parts.rolesOf(person));
      const [sinceAt, ats] = [await briefingSinceAt(person), servedDues(store, person)];
      return awaitedSlot(briefing, { ats, sinceAt, at: clock.now() });
    },
  };
}

/**
 * A changed briefing begins with its next slot: nothing is given for a time that was not chosen yet. Unless an
 * earlier time of the same zone has passed while today's later one had not come: then today's comes at once, or
 * moving it would cost a day.
 */
function owedSince(
  before: BriefingSettings,
  after: BriefingSettings,
  at: { known: number; nowAt: number },
): number {
  const moved = before.time !== after.time || before.tz !== after.tz || before.on !== after.on;
  if (!moved) return at.known;
  if (!before.on || !after.on || before.tz !== after.tz) return at.nowAt;
  const passed = latestSlot(after, at.nowAt);
  const wouldHaveCome = nextSlot(before, at.nowAt);
  const sameDay = dayNameAt(passed, after.tz) === dayNameAt(wouldHaveCome, after.tz);
  return sameDay ? Math.max(at.known, passed) : at.nowAt;
}

function metAt(store: Store, { teamId, userId }: Person): number | null {
  const query = store.db
    .selectFrom('briefing_readers')
    .select('since_at')
    .where('team_id', '=', teamId)
    .where('user_id', '=', userId);
  return firstRow(store, query.compile())?.since_at ?? null;
}

function meetAll(store: Store, people: readonly Person[], nowAt: number): void {
  const anybody = firstRow(
    store,
    store.db.selectFrom('briefing_readers').select('user_id').limit(1).compile(),
  );
  const since_at = anybody === null ? nowAt - OWED_MS : nowAt;
  for (const person of people) {
    if (metAt(store, person) !== null) continue;
    const values = { team_id: person.teamId, user_id: person.userId, since_at };
    changeRows(store, store.db.insertInto('briefing_readers').values(values).compile());
  }
}

function checked(wanted: Partial<BriefingSettings>): Partial<BriefingSettings> {
  const parsed = briefingSchema.partial().safeParse(wanted);
  if (parsed.success) return JSON.parse(JSON.stringify(parsed.data));
  const field = String(parsed.error.issues[0]?.path[0] ?? 'briefing');
  throw new UserError(
    'invalid_input',
    `That ${field === 'tz' ? 'time zone' : field} does not exist.`,
    'Say a time as 07:30 and a zone as Europe/Berlin.',
  );
}
