import { unsupervisedBot } from './core/bot-process.ts';
import { readStartConfig } from './core/config.ts';
import { StartError } from './core/errors.ts';
import { supervisedBot, type ToSupervisor } from './core/supervised-bot.ts';
import { standIns } from './stand-ins.ts';
import { startSandbox } from './start-sandbox.ts';

const log = (line: string) => {
  process.stderr.write(`sandbox: ${line}\n`);
};

const supervised = process.send !== undefined;
const tell = (message: ToSupervisor) => {
  if (process.connected) process.send?.(message);
};

/** The sandbox's process: under the supervisor, or alone for a bot that somebody else starts. */
async function main(): Promise<void> {
  const bot = supervised
    ? supervisedBot({ send: tell, onMessage: (listener) => process.on('message', listener) })
    : unsupervisedBot;
  const running = await startSandbox({ config: readStartConfig(process.env), bot, standIns, log });
  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', leave);
  process.on('disconnect', leave);
  // Ctrl-C reaches the whole group; the supervisor ends the bot first and the sandbox after it.
  process.on('SIGINT', supervised ? () => undefined : leave);
  process.on('uncaughtException', (error) => log(error.stack ?? error.message));
  process.on('unhandledRejection', (reason) => log(`unhandled: ${String(reason)}`));
  tell({ type: 'listening', url: running.url, smtp_url: running.smtpUrl });
  if (!supervised) log(`listening on ${running.url}, mail on ${running.smtpUrl}`);
}

main().catch((error: unknown) => {
  const message =
    error instanceof StartError ? error.message : String(error instanceof Error ? error.stack : error);
  if (supervised) process.send?.({ type: 'failed', message }, () => process.exit(1));
  else {
    log(message);
    process.exit(1);
  }
});
