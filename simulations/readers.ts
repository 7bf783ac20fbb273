import type { SandboxClient, SandboxUser } from '../sandbox/client.ts';
import { type Choice, localDay, wallClock } from './mornings.ts';

export interface Reader {
  user: SandboxUser;
  dm: string;
  choices: Choice[];
}

interface Cast {
  name: string;
  role: string;
  tz: string;
  time: string;
  /** Moves at three in the afternoon of this day of the simulation, by the old zone. */
  moves?: { afterDays: number; time: string; tz: string };
}

/** Twelve readers in seven zones; four of them move their briefing, three to another zone. */
const CAST: readonly Cast[] = [
  { name: 'Maya Okafor', role: 'founder', tz: 'America/Los_Angeles', time: '08:00' },
  { name: 'Jonas Weber', role: 'founder', tz: 'Europe/Berlin', time: '08:00' },
  { name: 'Priya Raman', role: 'finance', tz: 'America/New_York', time: '08:00' },
  {
    name: 'Tomas Herrera',
    role: 'finance',
    tz: 'America/Los_Angeles',
    time: '08:00',
    moves: { afterDays: 9, time: '07:15', tz: 'America/Los_Angeles' },
  },
  { name: 'Lena Fischer', role: 'success', tz: 'Europe/Berlin', time: '07:30' },
  {
    name: 'Aiko Tanaka',
    role: 'analyst',
    tz: 'America/Los_Angeles',
    time: '08:00',
    moves: { afterDays: 12, time: '08:00', tz: 'Asia/Tokyo' },
  },
  { name: 'Hana Sato', role: 'analyst', tz: 'Asia/Tokyo', time: '08:00' },
  { name: 'Arjun Mehta', role: 'finance', tz: 'Asia/Kolkata', time: '09:00' },
  {
    name: 'Grace Whitmore',
    role: 'success',
    tz: 'Europe/London',
    time: '08:00',
    moves: { afterDays: 6, time: '08:00', tz: 'America/New_York' },
  },
  { name: 'Oliver Marsh', role: 'analyst', tz: 'Australia/Sydney', time: '08:00' },
  {
    name: 'Noa Cohen',
    role: 'success',
    tz: 'Asia/Tokyo',
    time: '02:30',
    moves: { afterDays: 3, time: '02:30', tz: 'Europe/Berlin' },
  },
  { name: 'Rafael Lima', role: 'finance', tz: 'America/New_York', time: '01:30' },
];

/** Adds those the workspace does not have, and sets everybody's morning as they would: by `/psi briefing`. */
export async function seatReaders(client: SandboxClient, count: number, startAt: number): Promise<Reader[]> {
  const cast = CAST.slice(0, count);
  const before = await client.state();
  for (const { name, role, tz } of cast) {
    if (!before.users.some((user) => user.name === name)) {
      await client.post('/sandbox/users', { name, role, tz });
    }
  }
  const { users, channels } = await client.state();
  const readers: Reader[] = [];
  for (const { name, tz, time } of cast) {
    const user = users.find((candidate) => candidate.name === name);
    const dm = channels.find((each) => each.type === 'im' && each.members.includes(user?.id ?? ''));
    if (!user || !dm) throw new Error(`${name} has no seat`);
    const reader: Reader = { user, dm: dm.id, choices: [] };
    await choose(client, reader, { fromAt: startAt, time, tz });
    readers.push(reader);
  }
  return readers;
}

/** The moves of everybody, in order of time. */
export function movesOf(readers: readonly Reader[], startAt: number) {
  return readers
    .flatMap((reader) => {
      const plan = CAST.find(({ name }) => name === reader.user.name);
      if (!plan?.moves) return [];
      const { afterDays, time, tz } = plan.moves;
      const day = localDay(startAt + afterDays * 86_400_000, plan.tz);
      return [{ reader, choice: { fromAt: wallClock(day, '15:00', plan.tz), time, tz } }];
    })
    .sort((a, b) => a.choice.fromAt - b.choice.fromAt);
}

export async function choose(client: SandboxClient, reader: Reader, choice: Choice): Promise<void> {
  const { response } = await client.command({
    user: reader.user.id,
    channel: reader.dm,
    command: '/psi',
    text: `briefing ${choice.time} ${choice.tz}`,
  });
  if (!response.includes(choice.time.replace(/^0/, ''))) {
    throw new Error(`${reader.user.name} asked for ${choice.time} ${choice.tz}, and was told: ${response}`);
  }
  reader.choices.push(choice);
}
