import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../src/lib/paths.ts';

const root = projectRoot();
const configPath = join(root, '.dependency-cruiser.cjs');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Cruise {
  modules: { source: string }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

function cruise(cwd: string): Cruise {
  const args = [cruiser, '--config', configPath, '--output-type', 'json', 'src', 'sandbox'];
  let json: string;
  try {
    json = execFileSync(process.execPath, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64e6,
    });
  } catch (error) {
    json = (error as { stdout: string }).stdout;
  }
  return JSON.parse(json) as Cruise;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

describe('the import law', () => {
  it('holds in every file of src and sandbox, all of which were seen', () => {
    const { modules, summary } = cruise(root);
    const seen = new Set(modules.map((module) => module.source));
    expect([...sources('src'), ...sources('sandbox')].filter((file) => !seen.has(file))).toEqual([]);
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  });

  it('names only rooms that exist', () => {
    const rooms = [...readFileSync(configPath, 'utf8').matchAll(/(?:room|only)\('(\w+)'/g)].map(
      (match) => match[1],
    );
    expect(rooms.length).toBeGreaterThan(10);
    expect(rooms.filter((name) => !existsSync(join(root, 'src', name ?? '')))).toEqual([]);
  });

  describe('can fail', () => {
    const planted = mkdtempSync(join(tmpdir(), 'psi-import-law-'));
    afterAll(() => rmSync(planted, { recursive: true }));
    const plant = (file: string, text: string) => {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      writeFileSync(join(planted, file), text);
    };
    const vendors = [
      'stripe',
      '@supabase/supabase-js',
      'nodemailer',
      '@slack/bolt',
      '@langchain/core',
      'pg',
      'vega',
      'pdfkit',
    ];
    for (const name of vendors) {
      plant(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      );
      plant(`node_modules/${name}/index.js`, 'module.exports = {};');
    }
    plant('src/main.ts', 'export const main = 1;');
    plant('sandbox/world/world.ts', "import '../../src/main.ts';\nexport const world = 1;");
    for (const room of [
      'lib',
      'golden',
      'jobs',
      'domain',
      'store',
      'connectors',
      'approvals',
      'tools',
      'charts',
      'documents',
      'skills',
      'agent',
      'slack',
      'schedules',
      'server',
    ]) {
      const target = room === 'slack' ? 'connectors' : 'slack';
      plant(`src/${room}/ok.ts`, 'export const ok = 1;');
      plant(`src/${room}/bad.ts`, `import { ok } from '../${target}/ok.ts';\nexport const bad = ok;`);
    }
    plant('src/tools/vendors.ts', vendors.map((name) => `import '${name}';`).join('\n'));
    plant('src/tools/sandboxed.ts', "import '../../sandbox/world/world.ts';\nimport '../main.ts';");
    plant(
      'src/domain/impure.ts',
      "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
    );
    plant('src/lib/first.ts', "import { second } from './second.ts';\nexport const first = () => second;");
    plant('src/lib/second.ts', "import { first } from './first.ts';\nexport const second = () => first;");

    const broken = new Set(cruise(planted).summary.violations.map((violation) => violation.rule.name));
    const rules = (createRequire(import.meta.url)(configPath) as { forbidden: { name: string }[] }).forbidden;
    it.each(rules.map((rule) => rule.name))('%s notices a planted violation', (name) => {
      expect([...broken]).toContain(name);
    });
  });
});
