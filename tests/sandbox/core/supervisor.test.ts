import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../../sandbox/core/paths.ts';

const ROOT = projectRoot();
const FAKE_BOT = fileURLToPath(new URL('./fake-bot-process.mjs', import.meta.url));

interface Started {
  process: ChildProcess;
  out(): string;
  err(): string;
  exit: Promise<number | null>;
}

let dataDir: string;
let started: Started[] = [];

beforeAll(() => {
  spawnSync(process.execPath, [join(ROOT, 'scripts', 'prestart.mjs')], { cwd: ROOT, stdio: 'inherit' });
}, 120_000);

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-supervisor-'));
});

afterEach(async () => {
  for (const each of started) {
    if (each.process.exitCode === null && each.process.signalCode === null) each.process.kill('SIGTERM');
  }
  await Promise.all(started.map((each) => each.exit));
  started = [];
  rmSync(dataDir, { recursive: true, force: true });
});

function run(env: Record<string, string> = {}, script = 'start.mjs'): Started {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(SLACK|STRIPE|SUPABASE|PSI|SMTP|OPENAI|SANDBOX)/.test(name),
    ),
  );
  const child = spawn(process.execPath, [join(ROOT, 'scripts', script)], {
    cwd: dataDir,
    env: {
      ...clean,
      PSI_DATA_DIR: dataDir,
      SANDBOX_PORT: '0',
      PSI_HTTP_PORT: '0',
      SANDBOX_SCALE: '0.05',
      SANDBOX_BOT_ENTRY: FAKE_BOT,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const result = { process: child, out: () => out, err: () => err, exit };
  started.push(result);
  return result;
}

async function until(what: string, test: () => boolean | Promise<boolean>, withinMs = 10_000) {
  const end = performance.now() + withinMs;
  while (!(await test())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await wait(20);
  }
}

async function ready(one: Started): Promise<{ sandbox: string; bot: string }> {
  await until(`ready; it said ${one.err()}`, () => one.out().includes('\n'));
  const match = /^ready sandbox=(\S+) bot=(\S+) mode=rules\n$/.exec(one.out());
  if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not a ready line: ${one.out()}`);
  return { sandbox: match[1], bot: match[2] };
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const stateSchema = z.object({ bot: z.object({ pid: z.number().nullable() }) });
const botPid = async (sandbox: string) =>
  stateSchema.parse(await (await fetch(`${sandbox}/sandbox/state`)).json()).bot.pid;
const post = (url: string, body: object = {}) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

describe('starting', () => {
  it('says one line on stdout, brings a killed bot back, resets, and stops everything when told', async () => {
    const one = run();
    const { sandbox, bot } = await ready(one);
    const first = await botPid(sandbox);
    expect((await (await fetch(`${bot}/healthz`)).json()) as object).toMatchObject({ stripe: sandbox });

    await post(`${sandbox}/sandbox/kill`);
    await until('another bot', async () => {
      const pid = await botPid(sandbox);
      return pid !== null && pid !== first;
    });
    expect(one.err()).toMatch(/was ended by SIGKILL; it is started again/);
    expect((await fetch(`${sandbox}/sandbox/wait?timeout_ms=5000`)).status).toBe(200);

    const reset = await post(`${sandbox}/sandbox/reset`, { seed: 9 });
    expect(reset.status).toBe(200);
    const fresh = await botPid(sandbox);
    expect(readFileSync(join(dataDir, 'psi.db'), 'utf8')).toBe(String(fresh));

    const from = performance.now();
    one.process.kill('SIGTERM');
    expect(await one.exit).toBe(0);
    expect(performance.now() - from).toBeLessThan(5_000);
    expect(alive(fresh ?? 0)).toBe(false);
    expect(one.out().split('\n').filter(Boolean)).toHaveLength(1);
    expect(existsSync(join(dataDir, 'supervisor.pid'))).toBe(false);
  });

  it('leaves nobody behind when it is killed itself', async () => {
    const one = run({ FAKE_BOT_DEAF: '1' });
    const { sandbox } = await ready(one);
    const pid = await botPid(sandbox);
    one.process.kill('SIGKILL');
    await one.exit;
    await until('the bot to end', () => !alive(pid ?? 0), 6_000);
    await until('the sandbox to end', () =>
      fetch(sandbox).then(
        () => false,
        () => true,
      ),
    );
  });

  it('stops a bot that will not hear within five seconds', async () => {
    const one = run({ FAKE_BOT_DEAF: '1' });
    await ready(one);
    const from = performance.now();
    one.process.kill('SIGINT');
    expect(await one.exit).toBe(0);
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  it('supervises the bot alone where Slack is real', async () => {
    const one = run({ SLACK_BOT_TOKEN: 'xoxb-real' });
    await until('ready', () => one.out().includes('\n'));
    expect(one.out()).toMatch(/^ready bot=http:\/\/127\.0\.0\.1:\d+ mode=rules\n$/);
  });
});

describe('what stops it from starting', () => {
  it.each([
    ['a bad port', { SANDBOX_PORT: 'http' }, /^SANDBOX_PORT must be a port number/],
    ['a bad instant', { SANDBOX_NOW: 'yesterday' }, /^SANDBOX_NOW must be an ISO instant/],
    ['a bad scale', { SANDBOX_SCALE: '-1' }, /^SANDBOX_SCALE must be at least/],
    [
      'a bot that ends at once',
      { FAKE_BOT_EXIT: '1' },
      /PSI_SOMETHING is not valid\.\n.*ended before it was ready/s,
    ],
  ])('%s', async (_name, env, message) => {
    const one = run(env);
    expect(await one.exit).toBe(1);
    expect(one.err()).toMatch(message);
    expect(one.out()).toBe('');
  });

  it.each(['SANDBOX_PORT', 'PSI_HTTP_PORT'])('a port that is taken, naming %s', async (name) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const one = run({ [name]: String(port) });
    expect(await one.exit).toBe(1);
    expect(one.err()).toContain(`Port ${port} is in use; set ${name}`);
    server.close();
  });

  it('another one on the same folder, which reset refuses as well', async () => {
    await ready(run());
    const second = run();
    expect(await second.exit).toBe(1);
    expect(second.err()).toMatch(/already runs on .*PSI_DATA_DIR/);
    const reset = run({}, 'reset.mjs');
    expect(await reset.exit).toBe(1);
    expect(existsSync(join(dataDir, 'sandbox.db'))).toBe(true);
  });
});

describe('npm run reset', () => {
  it('makes room for another world', async () => {
    const one = run();
    await ready(one);
    one.process.kill('SIGTERM');
    await one.exit;
    const other = run({ SANDBOX_SEED: '11' });
    expect(await other.exit).toBe(1);
    expect(other.err()).toMatch(/SANDBOX_SEED asks for 11.*npm run reset/);
    expect(await run({}, 'reset.mjs').exit).toBe(0);
    await ready(run({ SANDBOX_SEED: '11' }));
  });
});
