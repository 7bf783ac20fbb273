// Takes each guard out of a copy of the project in turn and runs its tests there: `npm run guards`. A guard whose
// absence no test notices is one that nobody would miss. Exit status 1 when there is one.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './guards.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv[2]?.toLowerCase() ?? '';
const copies = [];

function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'psi-guards-'));
  copies.push(copy);
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((name) => name !== '')) {
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** The tests' own exit status: 0 when they pass. */
function runTests(copy, tests, workers) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const running = spawn(process.execPath, [vitest, 'run', '--bail=1', `--maxWorkers=${workers}`, ...tests], {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, CI: '1' },
  });
  return new Promise((ended, failed) => {
    running.once('error', failed);
    running.once('exit', (status) => ended(status));
  });
}

function without(copy, { file, from, to, also = [] }) {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  let changed = whole;
  for (const edit of [{ from, to }, ...also]) {
    if (changed.split(edit.from).length !== 2)
      return { problem: `"${edit.from}" stands not once in ${file}` };
    changed = changed.replace(edit.from, () => edit.to);
  }
  writeFileSync(path, changed);
  return { restore: () => writeFileSync(path, whole) };
}

async function prove(copy, guard) {
  const { problem, restore } = without(copy, guard);
  if (problem) return `LOST      ${guard.guard}: ${problem}`;
  try {
    const status = await runTests(copy, guard.tests, 1);
    return status === 0 ? `SURVIVED  ${guard.guard}` : `caught    ${guard.guard}`;
  } finally {
    restore();
  }
}

/** Takes one guard after the other from those that are left, in a copy of its own. */
async function proveWhatIsLeft(copy, left, results) {
  for (let guard = left.shift(); guard !== undefined; guard = left.shift()) {
    const result = await prove(copy, guard);
    results.push(result);
    process.stdout.write(`${result}\n`);
  }
}

try {
  const chosen = GUARDS.filter(({ guard }) => guard.toLowerCase().includes(wanted));
  const all = [...new Set(chosen.flatMap(({ tests }) => tests))];
  const first = copyProject();
  if ((await runTests(first, all, 2)) !== 0)
    throw new Error(`The tests do not pass as they are: ${all.join(' ')}`);
  while (copies.length < Math.min(availableParallelism(), chosen.length)) copyProject();
  const [left, results] = [[...chosen], []];
  await Promise.all(copies.map((copy) => proveWhatIsLeft(copy, left, results)));
  const caught = results.filter((result) => result.startsWith('caught')).length;
  process.stdout.write(`${caught} of ${results.length} guards are missed when they are taken out\n`);
  process.exitCode = caught === results.length ? 0 : 1;
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}
