import type { FastifyInstance } from 'fastify';
import { ControlError } from './core/errors.ts';
import { httpFaults } from './core/http-faults.ts';
import { MAIL_WEBHOOK_SECRET } from './core/simulated-environment.ts';
import type { StandIns } from './core/stand-ins.ts';
import { registerPsizero } from './psizero/register.ts';
import { registerSlack } from './slack/register.ts';
import { registerStripe } from './stripe/register.ts';
import { registerSupabase } from './supabase/register.ts';
import { createWebhookDeliverer } from './webhooks/deliverer.ts';
import { applyCompanyEvent } from './world/company-events.ts';
import { WorldError } from './world/errors.ts';
import { registerFx, registerTruth } from './world/truth-routes.ts';
import { createWorld } from './world/world.ts';

/** The systems this sandbox has. */
export const standIns: StandIns = {
  createWorld: (anchor, parts, clock) => createWorld({ ...anchor, clock, saved: parts.keep }),

  createWebhooks: ({ config, faults, keep, onReset }, clock) =>
    createWebhookDeliverer({
      botUrl: config.botUrl,
      secrets: {
        stripe: config.stripeWebhookSecret,
        psizero: config.psizeroWebhookSecret,
        mail: MAIL_WEBHOOK_SECRET,
      },
      faults,
      clock,
      keep,
      onReset,
    }),

  applyCompanyEvent({ world }, body) {
    try {
      return applyCompanyEvent(world, body);
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      throw new ControlError(error.code === 'resource_missing' ? 404 : 400, error.code, error.message);
    }
  },

  async register(app, sandbox) {
    const { faults } = sandbox;
    await app.register(async (scope: FastifyInstance) => {
      httpFaults(scope, 'psizero', faults);
      registerPsizero(scope, sandbox);
    });
    await app.register(async (scope: FastifyInstance) => {
      httpFaults(scope, 'supabase', faults);
      registerSupabase(scope, sandbox);
    });
    registerTruth(app, sandbox);
    registerFx(app, sandbox);
    await registerStripe(app, sandbox);
    const slack = registerSlack(app, sandbox);
    slack.attachSocket(app.server);
    return {
      pending: () => slack.pending(),
      botUserId: () => slack.state().bot.user_id,
      users: () => slack.state().users,
      channels: () => slack.state().channels,
      watch: (listener) => {
        slack.feed.subscribe((change) => listener(slack.show(change)));
      },
    };
  },
};
