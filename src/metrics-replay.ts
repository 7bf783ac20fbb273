import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openPolicyFile } from './approvals/policy-file.ts';
import { loadConfig, storePath } from './config.ts';
import { formatDifference, formatValue } from './domain/metrics/format-value.ts';
import { type ReplayedFigure, type ReplayedMonth, replayMonths } from './domain/metrics/replay-months.ts';
import { describeSetting, type MrrSetting, parseSetting } from './domain/mrr/setting.ts';
import { parseInstant } from './domain/periods/calendar.ts';
import { changedCases } from './golden/run-file.ts';
import { UserError } from './lib/errors.ts';
import { projectRoot } from './lib/paths.ts';
import { createMetricFacts } from './store/facts.ts';
import { openStore, type Store } from './store/open-store.ts';

const USAGE =
  'psi metrics replay --policy PRESET|knob=value [--months 12] [--golden FILE.json] [--at INSTANT]';
const MOST_MONTHS = 60;

interface Asked {
  policy: string;
  months: number;
  golden: string | null;
  at: number | null;
}

function readArguments(argv: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      policy: { type: 'string' },
      months: { type: 'string', default: '12' },
      golden: { type: 'string' },
      at: { type: 'string' },
    },
  });
  if (values.policy === undefined) throw new UserError('invalid_input', `Say which rules: ${USAGE}`);
  const months = Number(values.months);
  if (!Number.isInteger(months) || months < 1 || months > MOST_MONTHS) {
    throw new UserError('invalid_input', `--months is a whole number from 1 to ${MOST_MONTHS}.`);
  }
  const at = values.at === undefined ? null : parseInstant(values.at);
  if (values.at !== undefined && at === null) {
    throw new UserError('invalid_input', '--at is an instant like 2026-11-01T00:00:00-08:00.');
  }
  return { policy: values.policy, months, golden: values.golden ?? null, at };
}

/**
 * `psi metrics replay`: month by month, what the company's rules say and what others would have said, from what is
 * stored; and which golden cases they answer differently. Changes nothing. Answers with the exit status.
 */
export async function metricsReplay(argv: readonly string[]): Promise<number> {
  const asked = readArguments(argv);
  const config = loadConfig(process.env);
  const source = openPolicyFile(config.policyFile ?? join(projectRoot(), 'policy.yml'), () => undefined);
  const settings = source.current().policy.metrics;
  const [before, after] = [settings.mrr, parseSetting(asked.policy, settings.mrr)];
  const store = openStore(storePath(config));
  try {
    const nowAt = asked.at ?? (await newestFact(store));
    const facts = createMetricFacts(store, () => settings);
    const { company } = config;
    const months = await replayMonths(facts, { company, nowAt, months: asked.months, before, after });
    process.stdout.write(printReplay(months, { before, after, currency: company.currency }));
    if (asked.golden !== null) process.stdout.write(printGolden(asked.golden, asked.policy, before));
  } finally {
    await store.close();
  }
  return 0;
}

/** Up to when the store knows: its own clock may be a simulated one. */
async function newestFact({ db }: Store): Promise<number> {
  const newest = await db
    .selectFrom('sync_cursors')
    .select(({ fn }) => fn.max('data_through_at').as('at'))
    .executeTakeFirst();
  if (newest?.at != null) return newest.at;
  throw new UserError(
    'not_ready',
    'Nothing has been read from the sources yet, so there is no past to replay.',
  );
}

/** The months as text, unchanged figures marked as such. */
export function printReplay(
  months: readonly ReplayedMonth[],
  { before, after, currency }: { before: MrrSetting; after: MrrSetting; currency: string },
): string {
  const head = `Now:  ${describeSetting(before)}\nThen: ${describeSetting(after)}\n`;
  const blocks = months.map(({ period, figures }) => {
    const lines = figures.map((figure) => `  ${lineOf(figure, currency)}\n`);
    return `\n${period.label}\n${lines.join('')}`;
  });
  return `${head}${blocks.join('')}`;
}

function lineOf({ metric, before, after }: ReplayedFigure, currency: string): string {
  const [was, becomes] = [before, after].map((value) => formatValue(metric, value, currency).padStart(16));
  return `${metric.title.padEnd(18)}${was}${becomes}  ${changeOf({ metric, before, after }, currency)}`;
}

function changeOf({ metric, before, after }: ReplayedFigure, currency: string): string {
  if (before === after) return 'same';
  if (before === null || after === null) return '';
  const size = formatDifference(metric, after - before, currency);
  return /^[^1-9]*$/.test(size) ? 'less than can be shown' : `${after > before ? '+' : '-'}${size}`;
}

function printGolden(file: string, policy: string, base: MrrSetting): string {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UserError('not_found', `I cannot read ${file}.`);
  }
  const ids = changedCases(text, (own) => parseSetting(policy, { ...base, policy: own }).policy);
  return `\nGolden cases answered differently: ${ids.length === 0 ? 'none' : ids.join(', ')}\n`;
}
