import { setTimeout as wait } from 'node:timers/promises';
import cron, { type ScheduledTask } from 'node-cron';
import type { Heartbeat } from './define-schedule.ts';
import { createTurns, type DeadTurnListener, type TurnParts } from './turns.ts';

const LONGEST_BEAT_MS = 120_000;

export interface ScheduleRunner {
  /** Looks every second of real time whether something is due. */
  start(): void;
  /** Turns that run are given a moment, then given back. */
  stop(): Promise<void>;
  /** Runs what is due at the clock's now and waits until it has ended. Never throws: failures are logged. */
  runDue(): Promise<void>;
  /** The next instant that must not be jumped over. */
  nextDueAt(): Promise<number | null>;
  onDead(listener: DeadTurnListener): void;
}

/** Node-cron only wakes the runner; what is due is decided by the clock, which a simulation may move. */
export function createScheduleRunner(
  parts: TurnParts & {
    /** Resolves when Psi is ready to do what falls due. */
    ready?: Promise<void>;
    heartbeats: readonly Heartbeat[];
    /** How long a heartbeat is waited for; two minutes unless told. */
    longestBeatMs?: number;
  },
): ScheduleRunner {
  const { heartbeats, clock, pending, logger, ready } = parts;
  const turns = createTurns(parts);
  const beating = new Set<string>();
  let looking: Promise<void> = Promise.resolve();
  let idle = true;
  let waking: ScheduledTask | null = null;

  /** When it is due next; null also for one that cannot tell, which must not hold up the others. */
  async function nextBeatAt(heartbeat: Heartbeat): Promise<number | null> {
    try {
      return await heartbeat.nextDueAt();
    } catch (error) {
      logger.error(
        { schedule: heartbeat.name, error: String(error) },
        'a heartbeat cannot tell when it is due',
      );
      return null;
    }
  }

  async function dueHeartbeats(): Promise<Heartbeat[]> {
    const due: { heartbeat: Heartbeat; at: number }[] = [];
    for (const heartbeat of heartbeats.filter((candidate) => !beating.has(candidate.name))) {
      const at = await nextBeatAt(heartbeat);
      if (at !== null && at <= clock.now()) due.push({ heartbeat, at });
    }
    return due.sort((a, b) => a.at - b.at).map(({ heartbeat }) => heartbeat);
  }

  /** Waits for it, but not for ever: one that hangs beats no more, and everything else goes on. */
  async function beat(heartbeat: Heartbeat): Promise<void> {
    const { name } = heartbeat;
    beating.add(name);
    const ended = pending
      .track(() => heartbeat.run())
      .catch((error: unknown) => logger.error({ schedule: name, error: String(error) }, 'schedule failed'))
      .finally(() => beating.delete(name));
    const patience = new AbortController();
    const given = wait(parts.longestBeatMs ?? LONGEST_BEAT_MS, 'hangs' as const, {
      ref: false,
      signal: patience.signal,
    });
    const end = await Promise.race([ended, given.catch(() => undefined)]);
    if (end === 'hangs') logger.error({ schedule: name }, 'a heartbeat hangs; the others go on without it');
    patience.abort();
  }

  /** Heartbeats first: a turn works with what they have read. */
  async function lookOnce(): Promise<void> {
    for (const heartbeat of await dueHeartbeats()) await beat(heartbeat);
    await turns.plan();
    turns.begin();
    await turns.tellOfDead();
  }

  /** One look after the other: a step of the clock and a tick of the second never begin the same thing twice. */
  function look(): Promise<void> {
    idle = false;
    const mine = looking
      .then(lookOnce)
      .catch((error: unknown) => logger.error({ error: String(error) }, 'schedules failed'))
      .finally(() => {
        if (looking === mine) idle = true;
      });
    looking = mine;
    return mine;
  }

  return {
    start() {
      waking ??= cron.schedule('* * * * * *', () => {
        if (idle) void look();
      });
      // What fell due while nothing ran is under way before anybody can say that nothing is.
      void pending.track(look);
    },
    async stop() {
      await waking?.destroy();
      waking = null;
      await looking;
      await turns.stop();
    },
    async runDue() {
      await ready;
      do {
        await look();
        await turns.settled();
      } while (turns.hasWork());
      await turns.tellOfDead();
    },
    async nextDueAt() {
      const instants: number[] = [];
      for (const heartbeat of heartbeats.filter((candidate) => !candidate.foldsMissedTurns)) {
        const at = await nextBeatAt(heartbeat);
        if (at !== null) instants.push(at);
      }
      const turnAt = await turns.nextDueAt();
      if (turnAt !== null) instants.push(turnAt);
      return instants.length === 0 ? null : Math.min(...instants);
    },
    onDead: turns.onDead,
  };
}
