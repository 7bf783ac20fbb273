import { join } from 'node:path';
import { launch } from '../sandbox/launch.ts';
import { openPolicyFile } from '../src/approvals/policy-file.ts';
import { loadConfig, storePath } from '../src/config.ts';
import type { Principal } from '../src/domain/types.ts';
import { fixedClock } from '../src/lib/clock.ts';
import { silentLogger } from '../src/lib/logger.ts';
import { projectRoot } from '../src/lib/paths.ts';
import { PendingWork } from '../src/lib/pending-work.ts';
import { createPsi, type Psi } from '../src/psi.ts';
import { openStore } from '../src/store/open-store.ts';

const RUNS = 100;

/** The MRR question asked of the database alone, exchange rates included. */
const MRR_SQL = `
  SELECT sum(round(v.unit_amount_minor * v.quantity * 1.0 / (v.interval_count * CASE v.interval WHEN 'year' THEN 12 ELSE 1 END)
    * coalesce(CAST(f.rate AS REAL), 1) * CASE v.currency WHEN 'JPY' THEN 100 ELSE 1 END)) AS minor
  FROM subscription_versions v
  LEFT JOIN fx_rates f ON f.currency = v.currency AND f.day = ?
  WHERE v.valid_from <= ? AND (v.valid_to IS NULL OR v.valid_to > ?) AND v.status IN ('active', 'past_due')`;

/** A rules-mode answer beside the same question as direct SQL, in one process on one store. */
export async function measureAnswers(now: string) {
  const workspace = await launch({ env: { SANDBOX_NOW: now } });
  await workspace.stop({ keepData: true });
  const nowAt = Date.parse(now);
  const config = loadConfig({ PSI_DATA_DIR: workspace.dataDir });
  const psi = createPsi({
    config,
    store: openStore(storePath(config)),
    policy: openPolicyFile(join(projectRoot(), 'policy.yml'), () => undefined),
    clock: fixedClock(nowAt),
    logger: silentLogger,
    pending: new PendingWork(),
    members: async () => [],
  });
  const statement = psi.store.sqlite.prepare(MRR_SQL);
  const sqlMs = medianOf(RUNS, () => {
    const startedAt = performance.now();
    statement.get(now.slice(0, 10), nowAt, nowAt);
    return performance.now() - startedAt;
  });
  const cpu: number[] = [];
  for (let run = 0; run < RUNS; run += 1) cpu.push(await cpuOfAnswer(psi, run));
  const answerMs = cpu.sort((a, b) => a - b)[RUNS / 2] ?? 0;
  await psi.store.close();
  const limit = 3 * sqlMs + 50;
  return [
    {
      what: `rules-mode answer, CPU, median of ${RUNS}`,
      figure: `${answerMs.toFixed(1)} ms`,
      target: `< 3 x SQL (${sqlMs.toFixed(2)} ms) + 50 ms`,
      met: answerMs < limit,
    },
  ];
}

async function cpuOfAnswer(psi: Psi, run: number): Promise<number> {
  const principal: Principal = {
    kind: 'user',
    teamId: 'T0BENCH',
    userId: 'U0BENCH',
    name: 'Bench',
    email: null,
    roles: ['finance'],
    tz: 'America/Los_Angeles',
  };
  const place = {
    teamId: 'T0BENCH',
    channelId: 'D0BENCH',
    threadTs: `${run}.000100`,
    kind: 'dm' as const,
    internalOnly: true,
  };
  const before = process.cpuUsage();
  const turn = {
    turnId: `bench:${run}`,
    principal,
    place,
    text: "how's MRR?",
    signal: AbortSignal.timeout(30_000),
  };
  for await (const event of psi.runTurn(turn)) {
    if (event.type === 'answer' && !/MRR/.test(event.answer.text))
      throw new Error(`no MRR in: ${event.answer.text}`);
  }
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

function medianOf(runs: number, measure: () => number): number {
  return Array.from({ length: runs }, measure).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}
