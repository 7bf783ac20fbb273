import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../lib/errors.ts';
import { printReport } from './result.ts';
import { runGoldenFile } from './run-file.ts';

const USAGE = 'Usage: npm run --silent golden -- FILE.json [--id ID] [--json]';

interface Arguments {
  file: string;
  id: string | undefined;
  json: boolean;
}

function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { id: { type: 'string' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [file, ...others] = positionals;
    if (file !== undefined && others.length === 0) return { file, id: values.id, json: values.json };
  } catch (error) {
    throw new UserError(
      'invalid_input',
      `${error instanceof Error ? error.message : 'Unreadable arguments'}.`,
      USAGE,
    );
  }
  throw new UserError('invalid_input', 'Name one file of golden cases.', USAGE);
}

/** npm runs scripts in the project's folder; a relative name is the caller's. */
function locate(file: string): string {
  const fromCaller = resolve(process.env.INIT_CWD ?? process.cwd(), file);
  return existsSync(fromCaller) ? fromCaller : resolve(file);
}

function readCases(file: string): string {
  try {
    return readFileSync(locate(file), 'utf8');
  } catch {
    throw new UserError('not_found', `I cannot read ${file}.`, USAGE);
  }
}

/** Exit status: 0 all passed or unsupported, 1 some failed, 2 the file or the arguments are unusable. */
function main(argv: readonly string[]): number {
  try {
    const { file, id, json } = readArguments(argv);
    const report = runGoldenFile(readCases(file), {
      id,
      beside: (name) => readCases(join(dirname(locate(file)), name)),
    });
    process.stdout.write(`${json ? JSON.stringify(report) : printReport(report)}\n`);
    return report.totals.failed > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
