import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, statSync, writeFileSync } from 'node:fs';
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

/** Installs the packages of package-lock.json where they are missing or older than it. */
export function ensurePackages() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && (!existsSync(lock) || modifiedAt(installed) >= modifiedAt(lock))) return;
  // npm would empty the folder behind a link, which belongs to somebody else.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    if (existsSync(installed)) return;
    process.stderr.write('node_modules is a link to a folder without packages; run npm ci where it leads.\n');
    process.exit(1);
  }
  process.stderr.write('Installing packages (once) ...\n');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    ...process.env,
    NODE_ENV: 'development',
  });
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
