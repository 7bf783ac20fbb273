import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Forgets the sandbox's world and the bot's store in PSI_DATA_DIR; the next start makes both anew. */
if (existsSync('.env')) process.loadEnvFile('.env');
const dataDir = resolve(process.env.PSI_DATA_DIR || './data');
const STATE = /^(?:sandbox|psi[\w.-]*)\.db(?:-wal|-shm|-journal)?$/;

function runningPid() {
  const path = join(dataDir, 'supervisor.pid');
  if (!existsSync(path)) return null;
  const pid = Number(readFileSync(path, 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

const pid = runningPid();
if (pid !== null) {
  process.stderr.write(
    `Process ${pid} is running on ${dataDir}; stop it first, or press Reset in the sandbox's page.\n`,
  );
  process.exit(1);
}
const names = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => STATE.test(name)) : [];
for (const name of names) rmSync(join(dataDir, name), { force: true });
rmSync(join(dataDir, 'supervisor.pid'), { force: true });
process.stderr.write(
  names.length > 0 ? `Removed ${names.join(', ')} in ${dataDir}.\n` : `Nothing to remove in ${dataDir}.\n`,
);
