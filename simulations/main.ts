import { parseArgs } from 'node:util';
import { launch } from '../sandbox/launch.ts';
import { runQuarter } from './quarter/run.ts';
import { type Outcome, simulate } from './run.ts';

const USAGE = `npm run simulate -- [--days 30] [--readers 12] [--seed 7] [--from 2026-10-15T09:00:00-07:00] [--calm]
npm run simulate -- quarter [--days 92] [--seed 7] [--from 2026-10-30T10:00:00-07:00] [--calm]

Lets days pass over twelve readers in seven time zones while things go wrong, and counts their briefings.
The default month holds the end of summer time in Europe and in America.
"quarter" lets a quarter of money pass: months closed, payments failed and recovered, access taken and given back.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      days: { type: 'string' },
      readers: { type: 'string', default: '12' },
      seed: { type: 'string', default: '7' },
      from: { type: 'string' },
      calm: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const seed = whole(values.seed, 'seed');
  if (positionals[0] === 'quarter') {
    const { days = '92', from = '2026-10-30T10:00:00-07:00', calm } = values;
    return runQuarter({ days: whole(days, 'days'), from, seed, misfortunes: !calm });
  }
  const { days = '30', from = '2026-10-15T09:00:00-07:00' } = values;
  const startedAt = performance.now();
  const workspace = await launch({ env: { SANDBOX_NOW: from, PSI_LOG_LEVEL: 'error' } });
  try {
    const outcome = await simulate(workspace.client, {
      days: whole(days, 'days'),
      readers: whole(values.readers, 'readers'),
      seed,
      misfortunes: !values.calm,
      onDay: (day, at) => process.stderr.write(`day ${day} over, ${at}\n`),
    });
    process.stdout.write(report(outcome, performance.now() - startedAt));
    return isGood(outcome) ? 0 : 1;
  } finally {
    await workspace.stop();
  }
}

function whole(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1`);
  return value;
}

/** Every briefing once, in its hour, with true figures, and never a mail twice. */
function isGood(outcome: Outcome): boolean {
  const { expected, missing, surplus, late, mailsTwice, untrue, figuresChecked } = outcome;
  const faults = [missing, surplus, late, mailsTwice, untrue].some((list) => list.length > 0);
  return expected > 0 && figuresChecked > 0 && !faults;
}

function report(outcome: Outcome, tookMs: number): string {
  const delays = [...outcome.delaysMs].sort((a, b) => a - b);
  const delay = (share: number) =>
    ((delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0) / 1000).toFixed(1);
  const lines = [
    `briefings due                ${outcome.expected}`,
    `delivered                    ${outcome.delivered}`,
    `missing, surplus, late       ${outcome.missing.length}, ${outcome.surplus.length}, ${outcome.late.length}`,
    `delay, median and longest    ${delay(0.5)} s, ${delay(1)} s of simulated time`,
    `figures checked, untrue      ${outcome.figuresChecked}, ${outcome.untrue.length}`,
    `mails, of them twice         ${outcome.mails}, ${outcome.mailsTwice.length}`,
    `took                         ${(tookMs / 60_000).toFixed(1)} min`,
    'what went wrong on the way:',
    ...Object.entries(outcome.misfortunes).map(([name, count]) => `  ${String(count).padStart(3)} ${name}`),
  ];
  const { missing, surplus, late, mailsTwice, untrue } = outcome;
  for (const [name, list] of Object.entries({ missing, surplus, late, mailsTwice, untrue }))
    for (const words of list.slice(0, 20)) lines.push(`${name}: ${words}`);
  return `${lines.join('\n')}\n`;
}

process.exitCode = await main();
