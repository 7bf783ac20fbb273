#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { ensureBuild, ensurePackages, requireNode } from './build.mjs';

requireNode();
ensurePackages();
ensureBuild();
if (existsSync('.env')) process.loadEnvFile('.env');
await import('../dist/src/cli.js');
