// Takes each guard out of a copy of the project in turn and runs its tests there: `npm run guards`. A guard whose
// absence no test notices is one that nobody would miss. Exit status 1 when there is one.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GUARDS } from './guards.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv[2]?.toLowerCase() ?? '';
const copy = mkdtempSync(join(tmpdir(), 'psi-guards-'));

function copyProject() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((name) => name !== '')) {
    cpSync(join(root, file), join(copy, file), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** The tests' own exit status: 0 when they pass. */
function runTests(tests) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--bail', '1', ...tests], {
    cwd: copy,
    stdio: 'ignore',
    env: { ...process.env, CI: '1' },
  });
  return status;
}

function without({ file, from, to, also = [] }) {
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

function prove(guard) {
  const { problem, restore } = without(guard);
  if (problem) return `LOST      ${guard.guard}: ${problem}`;
  try {
    return runTests(guard.tests) === 0 ? `SURVIVED  ${guard.guard}` : `caught    ${guard.guard}`;
  } finally {
    restore();
  }
}

try {
  copyProject();
  const chosen = GUARDS.filter(({ guard }) => guard.toLowerCase().includes(wanted));
  const all = [...new Set(chosen.flatMap(({ tests }) => tests))];
  if (runTests(all) !== 0) throw new Error(`The tests do not pass as they are: ${all.join(' ')}`);
  const results = chosen.map((guard) => {
    const result = prove(guard);
    process.stdout.write(`${result}\n`);
    return result;
  });
  const caught = results.filter((result) => result.startsWith('caught')).length;
  process.stdout.write(`${caught} of ${results.length} guards are missed when they are taken out\n`);
  process.exitCode = caught === results.length ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
