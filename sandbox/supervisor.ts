import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { removeBotStore, restoreBotStore } from './core/bot-store.ts';
import { readStartConfig } from './core/config.ts';
import { StartError } from './core/errors.ts';
import { projectRoot } from './core/paths.ts';
import { botEnvironment, type Environment } from './core/simulated-environment.ts';
import { BotChild } from './supervision/bot-child.ts';
import { claimDataDir } from './supervision/data-dir.ts';
import { claimPort } from './supervision/ports.ts';
import { type SandboxChild, startSandboxChild } from './supervision/sandbox-child.ts';

const READY_WITHIN_MS = 60_000;
const BOT_GRACE_MS = 3_400;
const SANDBOX_GRACE_MS = 800;

const log = (line: string) => {
  process.stderr.write(`${line}\n`);
};

interface Running {
  bot: BotChild;
  sandbox: SandboxChild | null;
}

/** The two processes, started and ready; the ready line is printed by the caller. */
async function start(env: Environment, running: Partial<Running>): Promise<string> {
  const root = projectRoot();
  const { sandbox: config } = readStartConfig(env);
  const botPort = await claimPort(Number(new URL(config.botUrl).port), 'PSI_HTTP_PORT');
  const withPort = { ...env, PSI_HTTP_PORT: String(botPort) };
  const simulated = !env.SLACK_BOT_TOKEN && !env.SLACK_CLIENT_ID;
  const botUrl = `http://127.0.0.1:${botPort}`;

  if (simulated) {
    const sandboxPort = await claimPort(config.port, 'SANDBOX_PORT');
    running.sandbox = await startSandboxChild(
      join(root, 'dist', 'sandbox', 'main.js'),
      { ...withPort, SANDBOX_PORT: String(sandboxPort) },
      {
        kill: async () => running.bot?.kill(),
        stop: async () => running.bot?.stop(),
        startFresh: async (store) => {
          if (store === null) removeBotStore(config.dataDir);
          else restoreBotStore(store, config.dataDir);
          await running.bot?.start();
        },
      },
    );
  }
  const sandbox = running.sandbox ?? null;
  running.bot = new BotChild({
    entry: env.SANDBOX_BOT_ENTRY || join(root, 'dist', 'src', 'main.js'),
    env:
      sandbox === null
        ? withPort
        : botEnvironment(withPort, { origin: sandbox.url, smtpUrl: sandbox.smtpUrl }),
    url: botUrl,
    log,
    onPid: (pid) => sandbox?.tellPid(pid),
    readyWithinMs: READY_WITHIN_MS,
    modules: sandbox === null || env.SANDBOX_BOT_ENTRY ? [] : botModules(root),
  });
  const mode = await running.bot.start();
  const where = sandbox === null ? '' : `sandbox=${sandbox.url} `;
  return `ready ${where}bot=${botUrl} mode=${mode}`;
}

/** What takes long to load of the bot, and does nothing by being loaded. */
function botModules(root: string): string[] {
  return ['psi.js', 'slack/app.js', 'server/create-server.js', 'schedules/runner.js'].map(
    (name) => pathToFileURL(join(root, 'dist', 'src', name)).href,
  );
}

async function stop(running: Partial<Running>): Promise<void> {
  await running.bot?.shutdown(BOT_GRACE_MS);
  await running.sandbox?.shutdown(SANDBOX_GRACE_MS);
}

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const running: Partial<Running> = {};
  let release = () => {};
  let leaving = false;
  const leave = async (status: number) => {
    if (leaving) return;
    leaving = true;
    await stop(running);
    release();
    process.exit(status);
  };
  process.on('SIGTERM', () => void leave(0));
  process.on('SIGINT', () => void leave(0));
  process.on('SIGHUP', () => void leave(0));
  // Whoever launched it over a channel is gone, however it ended.
  process.on('disconnect', () => void leave(0));
  try {
    release = claimDataDir(readStartConfig(process.env).sandbox.dataDir);
    const line = await start(process.env, running);
    running.sandbox?.onUnexpectedEnd((how) => {
      log(`The sandbox ended (${how}); stopping. Run npm start to go on with the same world.`);
      void leave(1);
    });
    process.stdout.write(`${line}\n`);
    if (running.sandbox) {
      log(`\n  Open ${running.sandbox.url} - a simulated workspace with Psi in it. Ctrl-C stops it.\n`);
    }
  } catch (error) {
    if (leaving) return;
    log(error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error));
    await leave(1);
  }
}

await main();
