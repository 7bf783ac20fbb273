import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../src/lib/errors.ts';
import { type Compared, FIXED_THRESHOLD, type Figures, measureMethod, OURS, REFERENCES } from './compare.ts';
import type { EventFigures } from './score.ts';
import { type LabelledSeries, readTelemetry } from './telemetry.ts';

const USAGE = 'Usage: npm run --silent anomalies -- FILE.csv[.gz] (series,timestamp,value,label)';

const two = (value: number) => value.toFixed(2);
const three = (value: number) => value.toFixed(3);
const eventWords = ({ precision, recall, f1 }: EventFigures) => `${two(precision)} ${two(recall)} ${two(f1)}`;
const cells = (figures: Figures | undefined) =>
  figures
    ? `${three(figures.averagePrecision)}   ${eventWords(figures.fixed)}   ${eventWords(figures.tuned)}`
    : '';

/** Ours beside the strongest reference that runs live, series by series; then everything over the halves. */
function report(all: readonly LabelledSeries[], ours: Compared, references: readonly Compared[]): string {
  const ap = (one: Compared) => one.figures.get('all')?.averagePrecision ?? 0;
  const live = references.filter((_, at) => REFERENCES[at]?.hindsight === false);
  const [rival] = [...live].sort((a, b) => ap(b) - ap(a));
  const width = Math.max(
    ...all.map(({ name }) => name.length),
    ...references.map(({ method }) => method.length + 8),
  );
  const heading = 'AP      P    R    F1 at 3.5    P    R    F1 tuned';
  const lines = [
    `AP is average precision over points; P, R and F1 count events, at ${FIXED_THRESHOLD} and at the threshold best on the tuning half.`,
    '',
    `${'series'.padEnd(width)}  half    ours ${heading}   | ${rival?.method ?? ''}`,
  ];
  let won = 0;
  for (const { name, half } of all) {
    const mine = ours.figures.get(name);
    const other = rival?.figures.get(name);
    if ((mine?.averagePrecision ?? 0) > (other?.averagePrecision ?? 0)) won += 1;
    lines.push(`${name.padEnd(width)}  ${half.padEnd(6)}  ${cells(mine)}   |  ${cells(other)}`);
  }
  lines.push(
    '',
    `Higher average precision than ${rival?.method ?? ''} in ${won} of ${all.length} series.`,
    '',
  );
  lines.push(`${''.padEnd(width)}  half    ${heading}   tuned at`);
  for (const one of [ours, ...references])
    for (const half of ['tuning', 'test', 'all'])
      lines.push(
        `${one.method.padEnd(width)}  ${half.padEnd(6)}  ${cells(one.figures.get(half))}   ${two(one.threshold)}`,
      );
  return lines.join('\n');
}

/** npm runs scripts in the project's folder; a relative name is the caller's. */
function locate(file: string): string {
  const fromCaller = resolve(process.env.INIT_CWD ?? process.cwd(), file);
  return existsSync(fromCaller) ? fromCaller : resolve(file);
}

/** Exit status: 0 when every reference is beaten on average precision and event F1 over all, 1 if not, 2 unusable. */
function main([file, ...others]: readonly string[]): number {
  try {
    if (file === undefined || others.length > 0)
      throw new UserError('invalid_input', 'Name one file.', USAGE);
    if (!existsSync(locate(file))) throw new UserError('not_found', `I cannot read ${file}.`, USAGE);
    const all = readTelemetry(locate(file));
    const startedAt = performance.now();
    const ours = measureMethod(OURS, all);
    const tookMs = performance.now() - startedAt;
    const references = REFERENCES.map((method) => measureMethod(method, all));
    const points = all.reduce((sum, { points: some }) => sum + some.length, 0);
    process.stdout.write(`${report(all, ours, references)}\n\n`);
    process.stdout.write(`${points} points judged and scored in ${(tookMs / 1000).toFixed(2)} s.\n`);
    const mine = ours.figures.get('all');
    const beaten = references.every(({ figures }) => {
      const other = figures.get('all');
      return (
        mine !== undefined &&
        other !== undefined &&
        mine.averagePrecision > other.averagePrecision &&
        mine.fixed.f1 > other.fixed.f1 &&
        mine.tuned.f1 > other.tuned.f1
      );
    });
    process.stdout.write(
      beaten ? 'Every reference is beaten overall.\n' : 'A reference is NOT beaten overall.\n',
    );
    return beaten ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
