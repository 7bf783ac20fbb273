import { App, LogLevel } from '@slack/bolt';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Kysely } from 'kysely';
import type { RunTurn } from '../agent/turn.ts';
import { drawChart } from '../charts/draw-chart.ts';
import type { Role } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { ConfigError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Schema } from '../store/schema.ts';
import { type AlertSurface, tellAlerts } from './alerts.ts';
import { createCards } from './cards.ts';
import { createConversation } from './conversation.ts';
import { createDeliveryClient, repeatable } from './delivery/call-slack.ts';
import { createFiles } from './delivery/files.ts';
import { createPoster } from './delivery/poster.ts';
import { createSlackDirectory, type Person, type SlackDirectory } from './directory.ts';
import { DurableReceiver } from './durable-receiver.ts';
import { createHomeScreens } from './home-screens.ts';
import { createInbox } from './inbox.ts';
import { registerAlerts } from './listeners/alerts.ts';
import { registerAnswers } from './listeners/answers.ts';
import { registerApprovalForms, registerApprovals } from './listeners/approvals.ts';
import { registerBatches } from './listeners/batches.ts';
import { registerCommand } from './listeners/command.ts';
import { registerFeedback } from './listeners/feedback.ts';
import { registerForget } from './listeners/forget.ts';
import { registerHome } from './listeners/home.ts';
import { registerMessages } from './listeners/messages.ts';
import { refuseOutsiders } from './listeners/outsiders.ts';
import { registerPages } from './listeners/pages.ts';
import { registerSessionStopped } from './listeners/session-stopped.ts';
import { registerShortcuts } from './listeners/shortcuts.ts';
import { createRunCards } from './run-cards.ts';
import type { SlackPorts } from './services.ts';

export interface SlackApp {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The workspace the token belongs to. The first call to Slack: throws ConfigError for a token it does not take. */
export async function teamOf(account: { botToken: string; apiUrl: string | null }): Promise<string> {
  const client = createDeliveryClient(account.botToken, account.apiUrl);
  try {
    return (await repeatable(() => client.auth.test())).team_id ?? '';
  } catch (error) {
    const reason =
      error instanceof WebAPIPlatformError ? `refused it: ${error.data.error}` : 'could not be reached';
    throw new ConfigError(
      `SLACK_BOT_TOKEN was tried and Slack ${reason}. Check the token and the connection.`,
    );
  }
}

/** The people of the workspace are needed before the app (the door asks who may decide), so they are made first. */
export function createDirectory(parts: {
  botToken: string;
  apiUrl: string | null;
  db: Kysely<Schema>;
  clock: Clock;
  rolesFor: (person: Person) => Role[];
  fallbackTz: string;
}): SlackDirectory {
  const client = createDeliveryClient(parts.botToken, parts.apiUrl);
  return createSlackDirectory({ ...parts, client });
}

export function createSlackApp(parts: {
  botToken: string;
  appToken: string;
  apiUrl: string | null;
  simulated: boolean;
  db: Kysely<Schema>;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  directory: SlackDirectory;
  runTurn: RunTurn;
  ports: SlackPorts;
  alerts: AlertSurface;
}): SlackApp {
  const { db, clock, logger, pending, directory, ports, apiUrl } = parts;
  const client = createDeliveryClient(parts.botToken, apiUrl);
  const inbox = createInbox(db, clock);
  const poster = createPoster({ clientFor: () => client, db, clock, logger });
  const cards = createCards({ db, door: ports.door, poster, directory, logger });
  const files = createFiles({ clientFor: () => client, poster, logger, draw: drawChart });
  const { keepAnswer } = ports;
  const homes = createHomeScreens({ db, client, directory, home: ports.home, logger });
  const conversation = createConversation({ ...parts, client, poster, files, keepAnswer });
  const services = {
    ...ports,
    client,
    directory,
    inbox,
    conversation,
    cards,
    homes,
    poster,
    pending,
    clock,
    logger,
  };

  const receiver = new DurableReceiver({ appToken: parts.appToken, apiUrl }, { inbox, pending, logger });
  const app = new App({
    token: parts.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: apiUrl ? { slackApiUrl: apiUrl } : {},
  });
  app.error(async (error) => logger.error({ err: error }, 'a listener failed'));
  refuseOutsiders(app, services);
  registerMessages(app, services);
  registerHome(app, services);
  registerApprovals(app, services);
  registerApprovalForms(app, services);
  registerBatches(app, services);
  registerAnswers(app, services);
  registerAlerts(app, services);
  registerCommand(app, services, parts.simulated);
  registerSessionStopped(app, services);
  registerPages(app, services, parts.simulated);
  registerFeedback(app, services);
  registerShortcuts(app, services);
  registerForget(app, services);
  ports.door.onChange((approval) => pending.track(() => cards.show(approval)));
  ports.onDeadTurn(createRunCards({ poster, directory, logger }));
  ports.door.onNudge((nudge) => pending.track(() => cards.remind(nudge)));
  tellAlerts({ ...parts, ...parts.alerts, client, poster });

  return {
    start: async () => {
      await app.start();
      void pending
        .track(async () => {
          await cards.reconcile(clock.now());
          await homes.refresh();
        })
        .catch((error: unknown) => logger.error({ err: error }, 'cards could not be reconciled'));
    },
    stop: async () => {
      await app.stop();
    },
  };
}
