import { join } from 'node:path';
import { openPolicyFile } from './approvals/policy-file.ts';
import { type Config, loadConfig, storePath } from './config.ts';
import { mailReportReaders } from './connect-mail.ts';
import { connectSchedules } from './connect-schedules.ts';
import { rolesFor } from './domain/policy/rights.ts';
import { OffsetClock, systemClock } from './lib/clock.ts';
import { ConfigError } from './lib/errors.ts';
import { createLogMask } from './lib/log-mask.ts';
import { createLogger, type Logger } from './lib/logger.ts';
import { projectRoot } from './lib/paths.ts';
import { PendingWork } from './lib/pending-work.ts';
import { connectSimulation, type SimulationLink } from './lib/simulation-link.ts';
import { createPsi, type Psi } from './psi.ts';
import { alertWatch } from './schedules/alert-watch.ts';
import { approvalSweep } from './schedules/approval-sweep.ts';
import { dataQuality } from './schedules/data-quality.ts';
import { createRecoveryWatch } from './schedules/recovery-watch.ts';
import { skillSweep } from './schedules/skill-sweep.ts';
import { sourceSweep } from './schedules/source-sweep.ts';
import { sourceSync } from './schedules/source-sync.ts';
import { createServer } from './server/create-server.ts';
import { createMailReports } from './server/mail-reports.ts';
import { createSlackApp } from './slack/app.ts';
import { channelNamed } from './slack/channel-named.ts';
import { createSlackDirectory } from './slack/directory.ts';
import { openWorkspaces } from './slack/workspaces.ts';
import { slackPorts } from './slack-ports.ts';
import { openStore } from './store/open-store.ts';

const DRAIN_MS = 3_000;

/** The composition root: config -> parts -> start. */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  if (!config.slack) throw new ConfigError(`Slack is not connected. ${config.missing.slack}`);
  const logger = createLogger(config.logLevel, createLogMask(process.env));
  const pending = new PendingWork();
  const clock = config.clockUrl ? new OffsetClock() : systemClock;
  const store = openStore(storePath(config));
  const policy = openPolicyFile(config.policyFile ?? join(projectRoot(), 'policy.yml'), (problem) =>
    logger.error({ problem }, 'policy edit not taken'),
  );
  const { slack: account } = config;
  const workspaces = await openWorkspaces(account, { db: store.db, clock, logger });
  const { installations } = workspaces;
  const teamId = installations.homeTeamId();
  const directory = createSlackDirectory({
    clientFor: installations.clientFor,
    db: store.db,
    clock,
    rolesFor: (person) => rolesFor(person, policy.current().policy),
    fallbackTz: config.company.tz,
  });
  const psi = createPsi({
    config,
    store,
    policy,
    clock,
    logger,
    pending,
    members: (teamId) => directory.members(teamId),
  });

  const channel = channelNamed({ clientFor: installations.clientFor, teamId, directory });
  const recovery = createRecoveryWatch({
    ...psi,
    ...{ recovery: psi.ports.recovery, approvals: psi.ports.approvals },
    ...{ company: config.company, teamId, channel },
    members: () => directory.members(teamId),
  });
  psi.webhooks.onFacts((source) => source === 'stripe' && void pending.track(recovery.look));
  const { runner: schedules, runs } = connectSchedules({
    psi,
    heartbeats: [
      sourceSync(psi.sources, psi.webhooks),
      approvalSweep(psi.door),
      sourceSweep({ sources: psi.sources, checks: psi.quality, clock, tz: config.company.tz }),
      dataQuality(psi.quality, psi.sources),
      ...alertWatch(psi.alerts),
      skillSweep(psi.skillRuns),
      psi.metering.collect,
      psi.delivery.heartbeat,
      recovery.heartbeat,
    ],
    teamId,
    members: () => directory.members(teamId),
    channel,
  });
  const state = { ready: false };
  const mode = () => psi.models.current()?.name ?? 'rules';
  const server = createServer({
    webhooks: psi.webhooks,
    mailReports: createMailReports({
      ...psi,
      readers: mailReportReaders(config.mail),
      told: psi.delivery.told,
    }),
    health: () => ({ ready: state.ready, mode: mode(), pending: pending.count }),
    doctor: async () => [...(await psi.diagnose()), ...installations.problems()],
    slack: (request) => slack.http(request),
    brief: (asked) => psi.briefing.print(asked),
    logger,
  });
  const link = await joinSimulation(config, clock, psi, schedules, logger);
  const slack = createSlackApp({
    ...account,
    workspaces,
    simulated: psi.simulated,
    db: store.db,
    clock,
    logger,
    pending,
    directory,
    runTurn: psi.runTurn,
    ports: slackPorts({ ...psi, runs, members: directory.members, onDeadTurn: schedules.onDead }, mode),
    alerts: { ...psi.alerts, teamId, tz: config.company.tz, rules: () => policy.current().policy.alerts },
    skillRuns: psi.skillRuns,
  });
  psi.briefing.showIn(slack.briefings);
  psi.reports.showIn(slack.reports);
  psi.delivery.showIn(slack.invoices);

  await server.listen(config.httpPort);
  const reading = psi.sources.poll();
  for (const { teamId } of installations.list())
    await directory
      .refresh(teamId)
      .catch((error: unknown) => logger.warn({ err: error, teamId }, 'people could not be read yet'));
  await psi.door.sweep();
  // A question that comes before the first reading is complete waits for it.
  await Promise.all([slack.start(), reading]);
  await psi.webhooks.takeUp();
  // Not waited for: a run may take minutes.
  void psi.skillRuns.resumeAll();
  schedules.start();
  state.ready = true;
  logger.info({ mode: mode() }, 'Psi is ready');

  async function stop(): Promise<void> {
    state.ready = false;
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
    await schedules.stop();
    await slack.stop();
    await server.close();
    await pending.drained();
    link?.close();
    await store.close();
    process.exit(0);
  }
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}

/** Under the simulated clock, time and what falls due follow the sandbox. */
async function joinSimulation(
  config: Config,
  clock: { now(): number },
  psi: Psi,
  schedules: { runDue(): Promise<void>; nextDueAt(): Promise<number | null> },
  logger: Logger,
): Promise<SimulationLink | null> {
  if (!config.clockUrl || !(clock instanceof OffsetClock)) return null;
  return connectSimulation(config.clockUrl, clock, {
    runDue: () => schedules.runDue(),
    nextDueAt: () => schedules.nextDueAt(),
    useModel: (baseUrl) => psi.models.useModel(baseUrl),
    onMalformed: (text) => logger.warn({ text }, 'the simulation said something malformed'),
  });
}

process.on('unhandledRejection', (error) => {
  process.stderr.write(
    `${JSON.stringify({ level: 50, msg: 'unhandled rejection', error: String(error) })}\n`,
  );
});

main().catch((error: unknown) => {
  const sentence =
    error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});
