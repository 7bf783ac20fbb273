import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../../sandbox/launch.ts';
import { type QuarterOutcome, type QuarterPlan, simulateQuarter } from './quarter.ts';

/** Recovery is switched on, and access comes back by a standing rule, as a company that uses both would have it. */
function policyFile(): string {
  const rule = '{ decided_by: maya@psizero.example, until: 2027-06-30, max_per_day: 20 }';
  const policy = readFileSync('policy.yml', 'utf8')
    .replace('recovery-tick: { on: false', 'recovery-tick: { on: true')
    .replace('\n  restore_after_payment: null', `\n  restore_after_payment: ${rule}`);
  const file = join(mkdtempSync(join(tmpdir(), 'psi-policy-')), 'policy.yml');
  writeFileSync(file, policy);
  return file;
}

/** Plays a quarter and prints what came of it. Returns the exit status: 1 where anything was wrong. */
export async function runQuarter(plan: Omit<QuarterPlan, 'onDay'> & { from: string }): Promise<number> {
  const startedAt = performance.now();
  const env = { SANDBOX_NOW: plan.from, PSI_LOG_LEVEL: 'error', PSI_POLICY_FILE: policyFile() };
  const workspace = await launch({ env, timeoutMs: 150_000 });
  try {
    const onDay = (day: number, line: string) => process.stderr.write(`day ${day} over, ${line}\n`);
    const outcome = await simulateQuarter(workspace, { ...plan, onDay });
    process.stdout.write(report(outcome, performance.now() - startedAt));
    return outcome.faults.length > 0 || outcome.closes.length === 0 ? 1 : 0;
  } finally {
    await workspace.stop();
  }
}

function report(outcome: QuarterOutcome, tookMs: number): string {
  const lines = [
    `days                ${outcome.days}`,
    ...outcome.closes.map(
      ({ month, invoices, billedMinor, truthMinor }) =>
        `close of ${month}    ${invoices} invoices, ${billedMinor} cents before tax, the world's own sum ${truthMinor}`,
    ),
    `approved            ${outcome.approved} cards`,
    `payments failed     ${outcome.failures}, cards mended ${outcome.mended}`,
    `took                ${(tookMs / 60_000).toFixed(1)} min`,
    'effects outside:',
    ...Object.entries(outcome.effects).map(([kind, n]) => `  ${String(n).padStart(4)} ${kind}`),
    'what went wrong on the way:',
    ...Object.entries(outcome.misfortunes).map(([name, n]) => `  ${String(n).padStart(4)} ${name}`),
    `faults              ${outcome.faults.length}`,
    ...outcome.faults.slice(0, 30).map((words) => `  ${words}`),
  ];
  return `${lines.join('\n')}\n`;
}
