import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { BotProcess } from './bot-process.ts';
import type { ClockLink } from './clock-link.ts';
import { instantSchema, scaleSchema, seedSchema } from './config.ts';
import { durationSchema } from './duration.ts';
import type { EffectLog } from './effects.ts';
import { ControlError } from './errors.ts';
import { faultSchema } from './faults.ts';
import type { Faults } from './types.ts';

export interface ControlParts {
  state(): Promise<unknown> | unknown;
  idle(timeoutMs: number): Promise<void>;
  now(): number;
  travel(targetAt: number): Promise<number>;
  applyCompanyEvent(body: unknown): { id: string };
  faults: Faults;
  effects: EffectLog;
  link: ClockLink;
  bot: BotProcess;
  reset(request: { seed?: number; now?: number; scale?: number }): Promise<{ now: number }>;
}

const clockSchema = z.union([
  z.strictObject({ now: instantSchema }),
  z.strictObject({ advance: durationSchema }),
]);
const resetSchema = z.strictObject({
  seed: seedSchema.optional(),
  now: instantSchema.optional(),
  scale: scaleSchema.optional(),
});
const waitSchema = z.object({
  channel: z.string().optional(),
  after: z.string().optional(),
  timeout_ms: z.coerce.number().int().min(0).max(600_000).default(30_000),
});
const sinceSchema = z.object({ since: z.coerce.number().int().min(0).default(0) });
const killSchema = z.strictObject({ at: z.string().min(1).optional() });

/** A year and a half in one step is a mistyped date, not a plan. */
const LONGEST_TRAVEL_MS = 550 * 86_400_000;

const iso = (at: number) => new Date(at).toISOString();

/** Routes of the control API that belong to no single stand-in. */
export function registerControl(app: FastifyInstance, parts: ControlParts): void {
  app.get('/sandbox/state', async () => parts.state());

  app.get('/sandbox/wait', async (request) => {
    await parts.idle(waitSchema.parse(request.query).timeout_ms);
    return { idle: true };
  });

  app.get('/sandbox/clock', async () => ({ now: iso(parts.now()) }));

  app.post('/sandbox/clock', async (request) => {
    const body = clockBody(request.body);
    const target = 'now' in body ? body.now : parts.now() + body.advance;
    if (target - parts.now() > LONGEST_TRAVEL_MS) {
      throw new ControlError(
        400,
        'too_far',
        `${iso(target)} is more than 550 days ahead; go in smaller steps.`,
      );
    }
    return { now: iso(await parts.travel(target)) };
  });

  app.post('/sandbox/company/events', async (request) => parts.applyCompanyEvent(request.body ?? {}));

  app.post('/sandbox/reset', async (request) => {
    const { now } = await parts.reset(resetSchema.parse(request.body ?? {}));
    return { ok: true, now: iso(now) };
  });

  registerFaultsAndEffects(app, parts);
  registerKill(app, parts);
}

/** A plain complaint instead of a union's list of alternatives. */
function clockBody(raw: unknown): z.infer<typeof clockSchema> {
  const body = z.record(z.string(), z.unknown()).parse(raw ?? {});
  if ('now' in body && !('advance' in body)) return z.strictObject({ now: instantSchema }).parse(body);
  if ('advance' in body && !('now' in body)) return z.strictObject({ advance: durationSchema }).parse(body);
  throw new ControlError(
    400,
    'invalid_request',
    'Give either now (an ISO instant) or advance (such as PT26H).',
  );
}

function registerFaultsAndEffects(app: FastifyInstance, { faults, effects }: ControlParts): void {
  app.post('/sandbox/faults', async (request) => {
    const { match, ...fault } = faultSchema.parse(request.body ?? {});
    return { id: faults.add({ ...fault, match: match ?? null }) };
  });
  app.get('/sandbox/faults', async () => ({ faults: faults.list() }));
  app.delete('/sandbox/faults', async () => {
    faults.clear();
    return { ok: true };
  });
  app.get('/sandbox/effects', async (request) => ({
    effects: effects.since(sinceSchema.parse(request.query).since),
  }));
}

function registerKill(app: FastifyInstance, { link, bot }: ControlParts): void {
  app.get('/sandbox/failpoints', async () => ({ failpoints: link.failpoints() }));
  app.post('/sandbox/kill', async (request) => {
    const { at } = killSchema.parse(request.body ?? {});
    if (at !== undefined) {
      await link.arm(at);
      return { ok: true, armed: at };
    }
    const pid = bot.pid();
    if (!(await bot.kill())) {
      throw new ControlError(409, 'no_bot', 'There is no bot to kill: none was started beside this sandbox.');
    }
    return { ok: true, killed: pid };
  });
}
