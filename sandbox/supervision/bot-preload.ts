/**
 * Loaded before the bot (`--import`). Loads the modules named in SANDBOX_BOT_MODULES, waits for the word of the
 * supervisor, and only then lets the bot's main file run: a bot that stands by is up again in half the time.
 * When the supervisor is gone, however it died, the bot ends too; the channel is not kept open by this, so that
 * a bot that ends by itself ends.
 */
const GRACE_MS = 4_000;

process.on('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});

const word = new Promise((resolve) => process.once('message', resolve));
const modules = (process.env.SANDBOX_BOT_MODULES ?? '').split(',').filter((module) => module !== '');
await Promise.all(modules.map((module) => import(module)));
await word;
process.channel?.unref();
