import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Anchor, resolveAnchor, saveAnchor, savedAnchor } from './core/anchor.ts';
import type { BotProcess } from './core/bot-process.ts';
import { SimulatedClock } from './core/clock.ts';
import { createClockLink } from './core/clock-link.ts';
import type { StartConfig } from './core/config.ts';
import { registerControl } from './core/control-routes.ts';
import { createEffects } from './core/effects.ts';
import { StartError } from './core/errors.ts';
import { createFaults } from './core/faults.ts';
import { answerErrorsAsJson, createHttpServer, parseJsonWithPosition } from './core/http-server.ts';
import { waitUntilIdle } from './core/idle.ts';
import { KeptWorlds, touches, worldName } from './core/kept-worlds.ts';
import { openSandboxDatabase } from './core/key-value.ts';
import { oneAtATime } from './core/one-at-a-time.ts';
import { projectRoot } from './core/paths.ts';
import type { StandIns } from './core/stand-ins.ts';
import { travelTo } from './core/time-travel.ts';
import type { Sandbox } from './core/types.ts';
import { createMailBounces } from './mail/bounces.ts';
import { createMailBox } from './mail/caught-mail.ts';
import { registerMail } from './mail/mail-routes.ts';
import { startSmtpCatcher } from './mail/smtp-catcher.ts';
import { registerModel, registerModelControl } from './model/model-routes.ts';
import { createSimulatedModel } from './model/simulated-model.ts';
import { createLiveUpdates } from './web/live-updates.ts';
import { registerPage } from './web/page-routes.ts';
import { COMPANY, type World } from './world/records.ts';

export interface StartOptions {
  config: StartConfig;
  bot: BotProcess;
  standIns: StandIns;
  log(line: string): void;
}

export interface RunningSandbox {
  /** `http://127.0.0.1:3100`. */
  url: string;
  smtpUrl: string;
  close(): Promise<void>;
}

const TICK_MS = 250;
const BOT_RETURNS_WITHIN_MS = 15_000;
const WEBHOOKS_WITHIN_MS = 30_000;
const SETTLED_WITHIN_MS = 5_000;

/**
 * Starts everything outside the bot on one loopback port. Throws StartError, in one sentence, where it
 * cannot start: another world is saved, or the port is taken.
 */
export async function startSandbox({ config, bot, standIns, log }: StartOptions): Promise<RunningSandbox> {
  const { dataDir } = config.sandbox;
  mkdirSync(dataDir, { recursive: true });
  const db = openSandboxDatabase(join(dataDir, 'sandbox.db'));
  const isNew = savedAnchor(db) === null;
  let anchor = resolveAnchor(db, config.requested, Date.now());
  saveAnchor(db, anchor);
  if (config.requested.now !== null) db.set('core', 'now_pinned', true);

  const clock = new SimulatedClock(db, anchor.now, () => Date.now());
  const now = () => clock.now();
  const faults = createFaults();
  const effects = createEffects(db, now);
  const resetHandlers: (() => void)[] = [];
  const restoreHandlers: (() => void)[] = [];
  const parts = {
    config: config.sandbox,
    faults,
    effects,
    keep: db,
    onReset: (handler: () => void) => {
      resetHandlers.push(handler);
    },
    onRestore: (handler: () => void) => {
      restoreHandlers.push(handler);
    },
  };
  let world: World = standIns.createWorld(anchor, parts, clock);
  const sandbox: Sandbox = {
    ...parts,
    webhooks: standIns.createWebhooks(parts, clock),
    get world() {
      return world;
    },
  };

  const box = createMailBox(db, now);
  const bounces = createMailBounces({
    keep: db,
    now,
    deliver: (webhook) => sandbox.webhooks.deliver(webhook),
  });
  const smtp = await startSmtpCatcher({ box, faults, effects, world: () => world, bounces });
  const model = createSimulatedModel(db);

  const app = createHttpServer(log);
  let url = '';
  const modelUrl = () => (model.isOn() ? `${url}/v1` : null);
  const link = createClockLink(app.server, now, modelUrl, log);
  const moving = oneAtATime();

  const slack = await standIns.register(app, sandbox, () => url);
  const live = createLiveUpdates();
  slack.watch((change) => live.publish('slack', change));
  effects.onRecord((effect) => live.publish('effect', effect));
  box.onMail((mail) => live.publish('mail', { id: mail.id }));

  const idle = (timeoutMs: number) =>
    waitUntilIdle(
      {
        slackPending: () => slack.pending(),
        webhooksPending: () => sandbox.webhooks.pending(),
        botUrl: config.sandbox.botUrl,
      },
      timeoutMs,
    );
  const worlds = new KeptWorlds({ dataDir, db, now, idle: () => idle(SETTLED_WITHIN_MS), log });
  const nameOf = (made: Anchor) => worldName(made, config.policyFile ?? join(projectRoot(), 'policy.yml'));
  if (isNew && config.requested.now !== null) worlds.begun(nameOf(anchor));
  app.addHook('onRequest', async ({ method, url: path }) => {
    if (touches(method, path)) worlds.touched();
  });

  const travel = (targetAt: number) =>
    moving.run(async () => {
      const arrivedAt = await travelTo(
        {
          clock,
          link,
          advanceWorld: (at) => world.advanceTo(at),
          webhooksPending: () => sandbox.webhooks.pending(),
          botReturnsWithinMs: BOT_RETURNS_WITHIN_MS,
          webhooksWithinMs: WEBHOOKS_WITHIN_MS,
        },
        targetAt,
      );
      live.publish('clock', { now: new Date(now()).toISOString() });
      return arrivedAt;
    });

  async function reset(request: Partial<Anchor>): Promise<{ now: number }> {
    return moving.run(async () => {
      await bot.stop();
      const pinned = request.now !== undefined || db.get('core', 'now_pinned') === true;
      const startAt = request.now ?? (pinned ? anchor.now : Date.now());
      anchor = { seed: request.seed ?? anchor.seed, scale: request.scale ?? anchor.scale, now: startAt };
      const name = nameOf(anchor);
      const kept = worlds.find(name);
      // The bot loads its code in its own process while the world is made here; nothing of the old world is
      // answered meanwhile, since making the new one does not yield.
      const botReady = bot.startFresh(kept?.botStore ?? null);
      botReady.catch(() => undefined);
      await setImmediate();
      db.load(kept?.entries ?? []);
      saveAnchor(db, anchor);
      db.set('core', 'now_pinned', pinned);
      clock.restartAt(kept?.takenAt ?? anchor.now);
      faults.clear();
      effects.clear();
      box.clear();
      model.set({ off: true });
      world = standIns.createWorld(anchor, parts, clock);
      for (const handler of resetHandlers) handler();
      if (kept) {
        // To forget the old world, the handlers have taken from the store what bears the same names in this one.
        db.load(kept.entries);
        for (const reload of [effects.reload, box.reload, ...restoreHandlers]) reload();
        saveAnchor(db, anchor);
        db.set('core', 'now_pinned', pinned);
        clock.restartAt(now());
      }
      await botReady;
      worlds.begun(pinned && kept === null ? name : null);
      live.publish('reset', {});
      return { now: now() };
    });
  }

  await app.register(async (scope: FastifyInstance) => {
    answerErrorsAsJson(scope, log);
    parseJsonWithPosition(scope);
    registerControl(scope, {
      state: () => ({
        now: new Date(now()).toISOString(),
        users: slack.users(),
        channels: slack.channels(),
        bot: { user_id: slack.botUserId(), pid: bot.pid() },
        company: {
          name: COMPANY.name,
          customers: world.all('customers').length,
          currency: COMPANY.currency,
          tz: COMPANY.tz,
        },
      }),
      idle: async (timeoutMs) => {
        await idle(timeoutMs);
        if (worlds.isWanted()) await moving.run(() => worlds.keepIfUntouched());
      },
      now,
      travel,
      applyCompanyEvent: (body) => {
        world.advanceTo(now());
        return standIns.applyCompanyEvent(sandbox, body);
      },
      faults,
      effects,
      link,
      bot,
      reset,
    });
    registerModelControl(scope, model, () => link.useModel(modelUrl()));
    registerMail(scope, { box, bounces });
    live.register(scope, now);
    registerPage(scope);
  });
  await app.register(async (scope: FastifyInstance) => registerModel(scope, model, faults));

  url = await listen(app, config.sandbox.port);
  config.sandbox.port = Number(new URL(url).port);
  world.advanceTo(now());
  const ticking = setInterval(() => {
    if (moving.busy()) return;
    try {
      world.advanceTo(now());
    } catch (error) {
      log(`world: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }, TICK_MS);

  return {
    url,
    smtpUrl: smtp.url,
    async close() {
      clearInterval(ticking);
      live.close();
      link.close();
      worlds.close();
      await Promise.all([app.close(), smtp.close()]);
      db.close();
    },
  };
}

async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} is in use; set SANDBOX_PORT to a free one.`);
    }
    throw error;
  }
}
