// Runs a compiled program of this project, building first what is missing; its output is its own.
import { spawnSync } from 'node:child_process';
import { ensureBuild, ensurePackages, requireNode } from './build.mjs';

requireNode();
ensurePackages();
ensureBuild();
const [program, ...args] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, [`dist/${program}`, ...args], { stdio: 'inherit' });
process.exitCode = status ?? 1;
