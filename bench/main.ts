import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { SandboxClient } from '../sandbox/client.ts';
import { type Launched, launch } from '../sandbox/launch.ts';
import { toBoundTools } from '../src/agent/tool-schemas.ts';
import { tools } from '../src/tools/index.ts';
import { measureAnswers } from './answers.ts';
import { measureLearning } from './learning.ts';
import { measureMetering } from './metering.ts';
import { measureRating } from './rating.ts';
import type { Row } from './row.ts';

const NOW = '2026-11-22T14:30:00-08:00';
const TURNS = 1_000;
const ASKERS = 20;

/** `npm run bench`: medians and ratios of one run beside the targets; exit status 0 whatever they are. */
async function main(): Promise<void> {
  const rows: Row[] = [...(await measureStarts()), ...(await measureLife()), schemaTokens()];
  rows.push(...(await measureAnswers(NOW)), ...measureMetering(), ...measureRating());
  rows.push(...(await measureLearning()));
  const width = Math.max(...rows.map((row) => row.what.length));
  for (const row of rows) {
    process.stdout.write(
      `${row.met ? 'met   ' : 'MISSED'} ${row.what.padEnd(width)}  ${row.figure.padStart(14)}  target ${row.target}\n`,
    );
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const under = (what: string, ms: number, limitMs: number): Row => ({
  what,
  figure: seconds(ms),
  target: `< ${limitMs / 1000} s`,
  met: ms < limitMs,
});

/** Fresh, again on the same data, and reset. */
async function measureStarts(): Promise<Row[]> {
  const first = await launch({ env: { SANDBOX_NOW: NOW } });
  const resets: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const startedAt = performance.now();
    await first.client.post('/sandbox/reset', { now: NOW });
    resets.push(performance.now() - startedAt);
  }
  await first.stop({ keepData: true });
  const again = await launch({ dataDir: first.dataDir });
  await again.stop();
  return [
    under('start to ready, fresh, scale 1', first.readyMs, 15_000),
    under('start to ready, again', again.readyMs, 5_000),
    under('reset, median of 3', median(resets), 3_000),
  ];
}

/** Acks while twenty ask at once, then memory and growth over a thousand turns. */
async function measureLife(): Promise<Row[]> {
  const workspace = await launch({ env: { SANDBOX_NOW: NOW } });
  try {
    const acks = await ackTimes(workspace.client);
    const before = storeBytes(workspace);
    await thousandTurns(workspace.client);
    const perTurn = (storeBytes(workspace) - before) / TURNS;
    const memory = residentBytes((await workspace.client.state()).bot.pid);
    return [
      {
        what: `ack p99, ${ASKERS} asking at once`,
        figure: `${percentile(acks, 0.99).toFixed(0)} ms`,
        target: '< 500 ms',
        met: percentile(acks, 0.99) < 500,
      },
      {
        what: `bot memory after ${TURNS} turns`,
        figure: `${(memory / 2 ** 20).toFixed(0)} MB`,
        target: '< 350 MB',
        met: memory < 350 * 2 ** 20,
      },
      {
        what: 'database growth a turn',
        figure: `${(perTurn / 1024).toFixed(1)} KB`,
        target: '< 20 KB',
        met: perTurn < 20 * 1024,
      },
    ];
  } finally {
    await workspace.stop();
  }
}

/** From handing an envelope over to its acknowledgement, as the simulated Slack saw it. */
async function ackTimes(client: SandboxClient): Promise<number[]> {
  const { users } = await client.state();
  await Promise.all(
    Array.from({ length: ASKERS }, (_, index) => {
      const user = users[index % users.length];
      return client.say({ user: user?.id ?? '', dm: true, text: "how's MRR?" });
    }),
  );
  await client.wait(120_000);
  return (await client.get<{ ack_ms: number[] }>('/sandbox/acks')).ack_ms;
}

async function thousandTurns(client: SandboxClient): Promise<void> {
  const { users, channels } = await client.state();
  const asker = users.find((user) => user.role === 'finance');
  const channel = channels.find((each) => each.type !== 'im' && each.members.includes(asker?.id ?? ''));
  const questions = [
    "how's mrr",
    'revenue last month',
    "who hasn't paid us?",
    'api calls yesterday',
    'mrr by plan',
  ];
  let next = 0;
  const worker = async () => {
    while (next < TURNS) {
      const text = questions[next++ % questions.length] ?? '';
      await client.command({ user: asker?.id ?? '', channel: channel?.id ?? '', command: '/psi', text });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  await client.wait(120_000);
}

function storeBytes(workspace: Launched): number {
  const path = join(workspace.dataDir, 'psi.db');
  const db = new Database(path);
  db.pragma('wal_checkpoint(PASSIVE)');
  db.close();
  return statSync(path).size;
}

function residentBytes(pid: number | null): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** By the common estimate of four characters a token. */
function schemaTokens(): Row {
  const tokens = Math.ceil(JSON.stringify(toBoundTools(tools)).length / 4);
  return {
    what: 'all tool schemas together (a message shows about a third)',
    figure: `${tokens} tokens`,
    target: '< 7,500 tokens',
    met: tokens < 7_500,
  };
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

await main();
