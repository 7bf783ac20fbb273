import { App, LogLevel } from '@slack/bolt';
import type { Kysely } from 'kysely';
import type { RunTurn } from '../agent/turn.ts';
import { drawChart } from '../charts/draw-chart.ts';
import type { InvoiceChannel } from '../domain/billing/delivery/ports.ts';
import type { Clock } from '../lib/clock.ts';
import type { HttpAnswer, HttpRequest } from '../lib/http-exchange.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Schema } from '../store/schema.ts';
import { type AlertSurface, tellAlerts } from './alerts.ts';
import { type Briefings, createBriefings } from './briefings.ts';
import { createCards } from './cards.ts';
import { createConversation } from './conversation.ts';
import { createCustomerChannel } from './customer-channel.ts';
import { createFiles } from './delivery/files.ts';
import { createPoster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { DurableReceiver } from './durable-receiver.ts';
import { createHomeScreens } from './home-screens.ts';
import { HttpTransport, SLACK_PATHS } from './http-transport.ts';
import { createInbox } from './inbox.ts';
import type { Installations } from './installations.ts';
import { registerAlerts } from './listeners/alerts.ts';
import { registerAnswers } from './listeners/answers.ts';
import { registerApprovalForms, registerApprovals } from './listeners/approvals.ts';
import { registerBatches } from './listeners/batches.ts';
import { registerBriefing } from './listeners/briefing.ts';
import { registerCommand } from './listeners/command.ts';
import { registerFeedback } from './listeners/feedback.ts';
import { registerForget } from './listeners/forget.ts';
import { registerHome } from './listeners/home.ts';
import { registerMessages } from './listeners/messages.ts';
import { refuseOutsiders } from './listeners/outsiders.ts';
import { registerPages } from './listeners/pages.ts';
import { registerPeople } from './listeners/people.ts';
import { registerRemoval } from './listeners/removal.ts';
import { registerSessionStopped } from './listeners/session-stopped.ts';
import { registerShortcuts } from './listeners/shortcuts.ts';
import { CALLBACK_PATH, INSTALL_PATH } from './oauth.ts';
import { createReportSurface } from './reports.ts';
import { createRunCards } from './run-cards.ts';
import type { SlackPorts } from './services.ts';
import { type SkillEnds, tellSkillEnds } from './skill-ends.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Workspaces } from './workspaces.ts';

export interface SlackApp {
  /** Where briefings are shown. */
  briefings: Pick<Briefings, 'post'> & {
    showAtHome(person: { teamId: string; userId: string }): Promise<void>;
  };
  /** Where scheduled reports are shown. */
  reports: ReturnType<typeof createReportSurface>;
  /** Where customers who share a channel get their invoices. */
  invoices: InvoiceChannel;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Answers what is asked under /slack/ of the bot's own server. */
  http(request: HttpRequest): Promise<HttpAnswer>;
}

/** How Slack reaches Psi: a connection that Psi opens, or requests that Slack signs. */
export type SlackReach = { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string };

export function createSlackApp(parts: {
  transport: SlackReach;
  apiUrl: string | null;
  workspaces: Workspaces;
  simulated: boolean;
  db: Kysely<Schema>;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  directory: SlackDirectory;
  runTurn: RunTurn;
  ports: SlackPorts;
  alerts: AlertSurface;
  skillRuns: SkillEnds;
}): SlackApp {
  const { db, clock, logger, pending, directory, ports, apiUrl } = parts;
  const { installations } = parts.workspaces;
  const { clientFor } = installations;
  const inbox = createInbox(db, clock);
  const poster = createPoster({ clientFor, db, clock, logger });
  const cards = createCards({ db, door: ports.door, poster, directory, logger });
  const files = createFiles({ clientFor, poster, logger, draw: drawChart, print: ports.print });
  const { keepAnswer } = ports;
  const homes = createHomeScreens({ db, clientFor, directory, home: ports.home, logger });
  const conversation = createConversation({ ...parts, clientFor, poster, files, keepAnswer });
  const briefings = createBriefings({ ...parts, ...ports, ...ports.briefing, poster });
  const services = {
    ...ports,
    clientFor,
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

  const transport =
    parts.transport.kind === 'socket'
      ? new SocketTransport({ appToken: parts.transport.appToken, apiUrl }, logger)
      : new HttpTransport(parts.transport.signingSecret, { clock, logger });
  const receiver = new DurableReceiver(transport, { inbox, pending, logger });
  const app = new App({
    authorize: async ({ teamId }) => authorizedFor(installations, teamId),
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: apiUrl ? { slackApiUrl: apiUrl } : {},
  });
  app.error(async (error) => logger.error({ err: error }, 'a listener failed'));
  refuseOutsiders(app, services);
  registerMessages(app, services);
  registerHome(app, services);
  registerPeople(app, services);
  registerApprovals(app, services);
  registerApprovalForms(app, services);
  registerBatches(app, services);
  registerAnswers(app, services);
  registerAlerts(app, services);
  registerBriefing(app, services);
  registerCommand(app, services, parts.simulated);
  registerSessionStopped(app, services);
  registerPages(app, services, parts.simulated);
  registerFeedback(app, services);
  registerShortcuts(app, services);
  registerForget(app, services);
  registerRemoval(app, installations);
  const installFlow = parts.workspaces.installFlow?.((teamId) => directory.refresh(teamId)) ?? null;
  ports.door.onChange((approval) => pending.track(() => cards.show(approval)));
  ports.door.onChange((approval) => pending.track(() => briefings.onApproval(approval)));
  ports.onDeadTurn(createRunCards({ poster, directory, logger }));
  ports.door.onNudge((nudge) => pending.track(() => cards.remind(nudge)));
  tellSkillEnds(parts.skillRuns, { poster, directory });
  tellAlerts({ ...parts, ...parts.alerts, clientFor, poster });

  return {
    briefings: { post: briefings.post, showAtHome: (person) => homes.show(person) },
    reports: createReportSurface({ ...parts, clientFor, poster }),
    invoices: createCustomerChannel({ clientFor, directory, poster, teamId: parts.alerts.teamId }),
    start: async () => {
      await app.start();
      void pending
        .track(async () => {
          await cards.reconcile(clock.now());
          await briefings.reconcile();
          await homes.refresh();
        })
        .catch((error: unknown) => logger.error({ err: error }, 'cards could not be reconciled'));
    },
    stop: async () => {
      await app.stop();
    },
    http: async (request) => {
      const isDelivery = request.method === 'POST' && SLACK_PATHS.some((path) => path === request.path);
      if (isDelivery && transport instanceof HttpTransport) return transport.receive(request);
      if (installFlow && request.method === 'GET' && request.path === INSTALL_PATH)
        return installFlow.begin(request);
      if (installFlow && request.method === 'GET' && request.path === CALLBACK_PATH)
        return installFlow.complete(request);
      return { status: 404, body: 'not found' };
    },
  };
}

/**
 * Whose event this is. In a channel shared between companies an event may name the other company: with one
 * installation it is meant for that one. @throws for a workspace Psi is not installed in.
 */
async function authorizedFor(installations: Installations, teamId: string | undefined) {
  const all = installations.list();
  const named = teamId === undefined ? null : installations.find(teamId);
  const installation = named ?? (all.length === 1 ? (all[0] ?? null) : null);
  if (!installation) throw new Error(`Psi is not installed in ${teamId ?? 'the workspace of an event'}`);
  const { botId, botUserId } = installation;
  return {
    teamId: installation.teamId,
    botId,
    botUserId,
    botToken: await installations.token(installation.teamId),
  };
}
