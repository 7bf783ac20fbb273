import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with one plain sentence where Node is too old to run this. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(
    `Psi needs Node 20.19 or newer, and this is Node ${process.versions.node}; install a newer one from https://nodejs.org.\n`,
  );
  process.exit(1);
}

/** Installs the packages of package-lock.json where what is installed is not what it says. */
export function ensurePackages() {
  if (installedAsLocked()) return;
  process.stderr.write('Installing packages (once) ...\n');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    ...process.env,
    NODE_ENV: 'development',
  });
}

/** npm keeps a lock of what it installed: compared by versions, since a checkout changes every file's time. */
function installedAsLocked() {
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  if (installed === null) return false;
  return Object.entries(wanted ?? {}).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  );
}

function lockedPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null;
}

/** Compiles to dist/ where a source is newer than the last build. */
export function ensureBuild() {
  const stamp = join(root, 'dist', '.built');
  const inputs = ['tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name));
  for (const folder of ['src', 'sandbox', 'evals', 'bench']) collect(join(root, folder), inputs);
  const newest = Math.max(...inputs.filter((path) => existsSync(path)).map(modifiedAt));
  if (existsSync(stamp) && modifiedAt(stamp) >= newest) return;
  process.stderr.write('Building ...\n');
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  writeFileSync(stamp, '');
}

function collect(folder, into) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) collect(path, into);
    else if (entry.name.endsWith('.ts')) into.push(path);
  }
}

function modifiedAt(path) {
  return statSync(path).mtimeMs;
}

/** Output goes to stderr: stdout belongs to the ready line. */
function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}.\n`);
  process.exit(1);
}
