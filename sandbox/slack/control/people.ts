import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError } from '../errors.ts';
import { sendEvent } from '../events.ts';
import { isReserved, newcomer } from '../people.ts';
import type { Slack } from '../slack.ts';
import { wireUser } from '../wire.ts';
import { ALL_HANDS, BOT, type Person, ROLES, TEAM } from '../workspace.ts';
import { readInput } from './scope.ts';

const personInput = z.strictObject({
  id: z
    .string()
    .regex(/^U[A-Z0-9]{2,20}$/, 'must be like U0NEWPERSON: U, then capitals and digits')
    .optional(),
  name: z.string().trim().min(1, 'must not be empty').max(80).optional(),
  role: z.enum(ROLES).optional(),
  tz: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin').optional(),
  email: z.email().optional(),
});
type PersonInput = z.infer<typeof personInput>;

/** A person as `GET /sandbox/state` gives one. */
export interface ShownPerson {
  id: string;
  name: string;
  email: string;
  role: string;
  tz: string;
  is_guest: boolean;
  dm: string;
}

/** `POST /sandbox/users`: somebody joins, or moves to another role or time zone; the app hears of it as from Slack. */
export function registerPeople(scope: FastifyInstance, slack: Slack): void {
  scope.post('/sandbox/users', (request) => {
    const input = readInput(personInput, request.body);
    const known = input.id === undefined ? null : slack.store.people.find(input.id);
    return { user: shownPerson(known === null ? join(slack, input) : change(slack, known, input)) };
  });
}

export function shownPerson(person: Person): ShownPerson {
  const { id, name, email, role, tz } = person;
  return { id, name, email, role, tz, is_guest: person.isGuest, dm: person.dmId };
}

function join(slack: Slack, input: PersonInput): Person {
  const { people, channels } = slack.store;
  if (input.name === undefined) {
    throw new ControlError(400, 'name_needed', 'Somebody new needs a name.');
  }
  const id = input.id ?? `U0${randomBytes(4).toString('hex').toUpperCase()}`;
  if (isReserved(id)) throw new ControlError(409, 'id_taken', `${id} is not a person.`);
  const email = input.email?.toLowerCase() ?? freeEmail(slack, input.name);
  refuseTakenEmail(slack, email, id);
  const { role = 'viewer', tz = 'America/Los_Angeles' } = input;
  const now = slack.sandbox.world.now();
  const person = newcomer({ id, name: input.name, role, tz, email }, now);
  people.put(person);
  channels.addDm();
  const joined = person.isGuest ? [] : ALL_HANDS;
  for (const channel of joined) channels.setMember(channel, id, true);
  sendEvent(slack, { type: 'team_join', user: wireUser(person, now), event_ts: slack.store.nextTs() });
  for (const channel of joined) if (channels.isMember(channel, BOT.userId)) sendJoined(slack, channel, id);
  sendGroupChange(slack, person, null);
  return person;
}

function change(slack: Slack, known: Person, input: PersonInput): Person {
  const email = input.email?.toLowerCase() ?? known.email;
  refuseTakenEmail(slack, email, known.id);
  const role = input.role ?? known.role;
  const now = slack.sandbox.world.now();
  const person: Person = {
    ...known,
    name: input.name ?? known.name,
    role,
    tz: input.tz ?? known.tz,
    email,
    isGuest: role === 'guest',
    updatedAt: now,
  };
  slack.store.people.put(person);
  const event_ts = slack.store.nextTs();
  const cache_ts = Math.floor(now / 1000);
  sendEvent(slack, { type: 'user_change', user: wireUser(person, now), cache_ts, event_ts });
  if (role !== known.role) sendGroupChange(slack, person, known.role);
  return person;
}

/** Roles reach the app as user groups: the one left and the one joined each say so. */
function sendGroupChange(slack: Slack, person: Person, before: Person['role'] | null): void {
  for (const group of slack.store.people.groups()) {
    const isAdded = group.role === person.role;
    if (!isAdded && group.role !== before) continue;
    const date = Math.floor(slack.sandbox.world.now() / 1000);
    sendEvent(slack, {
      type: 'subteam_members_changed',
      subteam_id: group.id,
      team_id: TEAM.id,
      date_previous_update: 0,
      date_update: date,
      added_users: isAdded ? [person.id] : [],
      added_users_count: isAdded ? '1' : '0',
      removed_users: isAdded ? [] : [person.id],
      removed_users_count: isAdded ? '0' : '1',
      event_ts: slack.store.nextTs(),
    });
  }
}

function sendJoined(slack: Slack, channel: string, user: string): void {
  sendEvent(slack, {
    type: 'member_joined_channel',
    user,
    channel,
    channel_type: 'C',
    team: TEAM.id,
    event_ts: slack.store.nextTs(),
  });
}

function refuseTakenEmail(slack: Slack, email: string, id: string): void {
  const owner = slack.store.people.all().find((each) => each.email === email && each.id !== id);
  if (owner) throw new ControlError(409, 'email_taken', `${email} is ${owner.name}'s address.`);
}

/** `maya@...`, with a number where there is one already. */
function freeEmail(slack: Slack, name: string): string {
  const taken = new Set(slack.store.people.all().map((each) => each.email));
  const first = name.split(' ')[0] ?? '';
  const stem = first.toLowerCase().replace(/[^a-z0-9]/g, '') || 'member';
  for (let n = 1; ; n += 1) {
    const email = `${stem}${n === 1 ? '' : n}@psizero.example`;
    if (!taken.has(email)) return email;
  }
}

function isTimeZone(tz: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz });
    return true;
  } catch {
    return false;
  }
}
