import type { SandboxClient, SandboxMessage } from '../sandbox/client.ts';
import { misfortunesFor } from './misfortunes.ts';
import { expectedMornings } from './mornings.ts';
import { seeded } from './random.ts';
import { choose, movesOf, type Reader, seatReaders } from './readers.ts';
import { checkTruth } from './truths.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Simulation {
  days: number;
  readers: number;
  seed: number;
  /** False: nothing goes wrong. */
  misfortunes: boolean;
  /** Told after each simulated day. */
  onDay?(day: number, line: string): void;
}

export interface Outcome {
  expected: number;
  delivered: number;
  missing: string[];
  surplus: string[];
  late: string[];
  /** Mails: at most one a morning; lost answers may leave one out, never make two. */
  mails: number;
  mailsTwice: string[];
  figuresChecked: number;
  untrue: string[];
  misfortunes: Record<string, number>;
  /** From the due instant to the message, in simulated milliseconds. */
  delaysMs: number[];
}

/**
 * Lets days pass over a workspace in which everything may go wrong, and counts the briefings from outside:
 * by the messages in each reader's DM and the caught mail.
 */
export async function simulate(client: SandboxClient, plan: Simulation): Promise<Outcome> {
  const random = seeded(plan.seed);
  await client.wait(60_000);
  const { now, company } = await client.state();
  const startAt = Date.parse(now);
  const untilAt = startAt + plan.days * DAY_MS;
  const readers = await seatReaders(client, plan.readers, startAt);
  await client.wait(60_000);
  const seatedAt = Date.parse((await client.state()).now);
  const moves = movesOf(readers, startAt).filter(({ choice }) => choice.fromAt < untilAt);
  const outcome: Outcome = {
    expected: 0,
    delivered: 0,
    missing: [],
    surplus: [],
    late: [],
    mails: 0,
    mailsTwice: [],
    figuresChecked: 0,
    untrue: [],
    misfortunes: {},
    delaysMs: [],
  };
  const truthOfDay = { last: new Map<string, string>() };

  for (let cursor = startAt, day = 0; cursor < untilAt; ) {
    const stopAt = Math.min(cursor + 6 * HOUR_MS, untilAt);
    const move = moves.find(({ choice }) => choice.fromAt > cursor && choice.fromAt <= stopAt);
    const target = move ? move.choice.fromAt : stopAt;
    await advance(client, target, plan.misfortunes ? random : null, outcome);
    if (move) {
      await choose(client, move.reader, move.choice);
      await client.wait(60_000);
    }
    cursor = target;
    if (Math.floor((cursor - startAt) / DAY_MS) > day) {
      day += 1;
      for (const reader of readers)
        await checkNewest(client, reader, company.tz, seatedAt, truthOfDay, outcome);
      plan.onDay?.(day, new Date(cursor).toISOString());
    }
  }
  await client.clearFaults();
  await client.wait(120_000);
  for (const reader of readers) await countMornings(client, reader, seatedAt, untilAt, outcome);
  await countMails(client, readers, outcome);
  return outcome;
}

/** Moves the clock while things go wrong; a bot that was killed is back before the next stretch begins. */
async function advance(
  client: SandboxClient,
  targetAt: number,
  random: (() => number) | null,
  outcome: Outcome,
): Promise<void> {
  for (const misfortune of random ? misfortunesFor(random) : []) {
    await misfortune.arm(client, random ?? Math.random);
    outcome.misfortunes[misfortune.name] = (outcome.misfortunes[misfortune.name] ?? 0) + 1;
  }
  await client.clock({ now: new Date(targetAt).toISOString() });
  await client.wait(120_000);
  await client.clearFaults();
}

async function briefingsOf(
  client: SandboxClient,
  reader: Reader,
  sinceAt: number,
): Promise<SandboxMessage[]> {
  const messages = await client.messages({ channel: reader.dm, viewer: reader.user.id });
  return messages.filter(
    (message) => message.is_bot && /^Morning briefing/m.test(message.plain) && instantOf(message) >= sinceAt,
  );
}

const instantOf = (message: SandboxMessage) => Math.round(Number(message.ts) * 1000);

async function checkNewest(
  client: SandboxClient,
  reader: Reader,
  companyTz: string,
  sinceAt: number,
  seen: { last: Map<string, string> },
  outcome: Outcome,
): Promise<void> {
  const newest = (await briefingsOf(client, reader, sinceAt)).at(-1);
  if (!newest || seen.last.get(reader.user.id) === newest.ts) return;
  seen.last.set(reader.user.id, newest.ts);
  const dueAt = expectedMornings(reader.choices, sinceAt, instantOf(newest) + 1).at(-1);
  if (dueAt === undefined) return;
  const { checked, wrong } = await checkTruth(client, newest.plain.split('\n'), dueAt, companyTz);
  outcome.figuresChecked += checked;
  outcome.untrue.push(...wrong.map((words) => `${reader.user.name}: ${words}`));
}

async function countMornings(
  client: SandboxClient,
  reader: Reader,
  fromAt: number,
  untilAt: number,
  outcome: Outcome,
): Promise<void> {
  const due = expectedMornings(reader.choices, fromAt, untilAt);
  const delivered = (await briefingsOf(client, reader, fromAt)).map(instantOf);
  outcome.expected += due.length;
  outcome.delivered += delivered.length;
  const name = `${reader.user.name} ${reader.choices.map(({ time, tz }) => `${time} ${tz}`).join(' then ')}`;
  for (const [index, dueAt] of due.entries()) {
    const nextDueAt = due[index + 1] ?? Number.POSITIVE_INFINITY;
    const mine = delivered.filter((at) => at >= dueAt && at < nextDueAt);
    const first = mine[0];
    if (first === undefined) outcome.missing.push(`${name}: ${new Date(dueAt).toISOString()}`);
    else {
      outcome.delaysMs.push(first - dueAt);
      if (first - dueAt >= HOUR_MS)
        outcome.late.push(
          `${name}: due ${new Date(dueAt).toISOString()}, came ${new Date(first).toISOString()}`,
        );
    }
    for (const at of mine.slice(1)) outcome.surplus.push(`${name}: ${new Date(at).toISOString()}`);
  }
  const firstDueAt = due[0] ?? Number.POSITIVE_INFINITY;
  for (const at of delivered.filter((each) => each < firstDueAt))
    outcome.surplus.push(`${name}: ${new Date(at).toISOString()}, before any was due`);
}

async function countMails(
  client: SandboxClient,
  readers: readonly Reader[],
  outcome: Outcome,
): Promise<void> {
  const addresses = new Set(readers.map((reader) => reader.user.email));
  const seen = new Set<string>();
  for (const mail of await client.mail()) {
    const to = mail.to.find((address) => addresses.has(address));
    if (!to || !/morning briefing/i.test(mail.subject)) continue;
    outcome.mails += 1;
    const key = `${to} ${mail.subject}`;
    if (seen.has(key)) outcome.mailsTwice.push(key);
    seen.add(key);
  }
}
