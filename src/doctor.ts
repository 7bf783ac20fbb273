import { statSync } from 'node:fs';
import type { Config, OutsideSystem } from './config.ts';
import { describeFirstReading } from './domain/first-reading.ts';
import type { SourceStatus } from './domain/ports.ts';
import type { QualityResult } from './domain/quality/check.ts';
import { countOfRows, describeSweep, type SweepReport } from './domain/sweep.ts';
import type { SourceName } from './domain/types.ts';

export interface DoctorParts {
  config: Config;
  sources: readonly SourceStatus[];
  /** The latest complete comparison of each source. */
  sweeps: readonly SweepReport[];
  /** The latest quality checks. */
  quality: readonly QualityResult[];
  /** Where the store lies; null for one in memory. */
  storePath: string | null;
  nowAt: number;
  /** One plain sentence each about files that were edited badly: policy, prompts. */
  edits: readonly string[];
  /** Words that people had to explain by picking a reading. */
  lexicon?: readonly unknown[];
}

const TITLES: Record<OutsideSystem, string> = {
  slack: 'Slack',
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'The PsiZero API',
  mail: 'Mail',
  model: 'The model',
};

/** What is connected, what is missing and how fresh each source is: one plain line each. */
export function diagnose(parts: DoctorParts): string[] {
  const { config, nowAt } = parts;
  const source = (name: SourceName) => parts.sources.find((status) => status.source === name);
  return [
    connectionLine(config, 'slack'),
    ...(['stripe', 'supabase', 'psizero'] as const).flatMap((name) => [
      connectionLine(config, name),
      ...freshnessLines(source(name), nowAt, config.company.tz),
      ...healthLines(parts, name),
      ...webhookLines(config, name),
    ]),
    connectionLine(config, 'mail'),
    modelLine(config),
    ...(parts.edits.length === 0 ? ['Policy and prompts are valid.'] : parts.edits),
    ...lexiconLines(parts.lexicon ?? []),
    storeLine(parts.storePath),
  ];
}

function connectionLine(config: Config, system: Exclude<OutsideSystem, 'model'>): string {
  const connection = config[system];
  if (connection === null) return `${TITLES[system]} is not connected. ${config.missing[system]}`;
  return connection.simulated
    ? `${TITLES[system]} is connected, and simulated on this machine.`
    : `${TITLES[system]} is connected.`;
}

function modelLine(config: Config): string {
  if (config.model === null) return `No model is set: Psi answers in rules mode. ${config.missing.model}`;
  return `The model is ${config.model.name}${config.model.baseUrl === null ? '' : ' on a server of your own'}.`;
}

function freshnessLines(status: SourceStatus | undefined, nowAt: number, tz: string): string[] {
  if (status === undefined || !status.connected) return [];
  const rows = Object.entries(status.rows).map(([table, count]) => countOfRows(count, table));
  const reading = status.firstReading ?? null;
  const lines = [
    status.throughAt === null
      ? `  ${reading === null ? 'It has not been read completely yet.' : describeFirstReading(status.source, reading, tz)}`
      : `  Its facts are in up to ${ago(nowAt - status.throughAt)}: ${rows.join(', ')}.`,
  ];
  if (status.lastError !== null)
    lines.push(`  Trouble ${ago(nowAt - status.lastError.at)}: ${status.lastError.message}.`);
  if (status.badSignatures > 0) {
    const many = status.badSignatures > 1;
    lines.push(
      `  ${status.badSignatures} ${many ? 'webhooks' : 'webhook'} with a bad signature refused since the start. Check the webhook secret.`,
    );
  }
  return lines;
}

/** The last complete comparison and the checks, a line each; what is as it should be takes one line in all. */
function healthLines({ sweeps, quality, config }: DoctorParts, name: SourceName): string[] {
  const report = sweeps.find(({ source }) => source === name);
  const sweepLine = report === undefined ? [] : [`  ${describeSweep(report, config.company.tz)}`];
  const results = quality.filter(({ source }) => source === name);
  const wrong = results.filter(({ state, check }) => state !== 'ok' && check !== 'freshness');
  const lines = wrong.map(({ check, state, words }) => `  ${STATE_WORDS[state]} (${check}): ${words}`);
  if (results.length > 0 && wrong.length === 0)
    lines.push(`  All ${results.length} checks of its data are well.`);
  return [...sweepLine, ...lines];
}

const STATE_WORDS = { ok: 'Well', warn: 'Worth a look', fail: 'Wrong', unknown: 'Not checked' } as const;

function webhookLines(config: Config, name: SourceName): string[] {
  if (name === 'stripe' && config.stripe !== null && config.stripe.webhookSecret === null)
    return ['  Its webhooks are off: set STRIPE_WEBHOOK_SECRET to hear of changes at once.'];
  if (name === 'psizero' && config.psizero !== null && config.psizero.webhookSecret === null)
    return ['  Its webhooks are off: set PSIZERO_WEBHOOK_SECRET to hear of changes at once.'];
  return [];
}

function lexiconLines(proposals: readonly unknown[]): string[] {
  if (proposals.length === 0) return [];
  const many = proposals.length > 1;
  return [
    `${proposals.length} ${many ? 'phrases' : 'phrase'} had to be explained by picking a reading: "psi lexicon" lists ${many ? 'them' : 'it'}.`,
  ];
}

function storeLine(path: string | null): string {
  if (path === null) return 'The store is in memory.';
  const bytes = ['', '-wal'].reduce((sum, suffix) => sum + sizeOf(`${path}${suffix}`), 0);
  return `The store takes ${(bytes / 1_048_576).toFixed(1)} MB.`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A span of milliseconds as people say it. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 10) return 'just now';
  const [count, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5_400
        ? [Math.round(seconds / 60), 'minute']
        : seconds < 172_800
          ? [Math.round(seconds / 3_600), 'hour']
          : [Math.round(seconds / 86_400), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
