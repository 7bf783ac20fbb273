/**
 * Loaded before the bot (`--import`): when the supervisor is gone, however it died, the bot ends too. The
 * channel is not kept open by this, so that a bot that ends by itself ends.
 */
const GRACE_MS = 4_000;

process.on('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
process.channel?.unref();
