import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, storePath } from './config.ts';
import { readStatement } from './domain/books/read-statement.ts';
import { systemClock } from './lib/clock.ts';
import { UserError } from './lib/errors.ts';
import { createBankLines } from './store/bank-lines.ts';
import { openStore } from './store/open-store.ts';

const MOST_BYTES = 20_000_000;

/**
 * `psi import-bank FILE`: puts a bank statement's lines into the store, each once however often it is imported.
 * @returns the exit status. Throws UserError for a file that cannot be read, with nothing taken.
 */
export async function importBank(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { currency: { type: 'string' }, dates: { type: 'string' } },
  });
  const [file] = positionals;
  const { dates } = values;
  if (file === undefined || (dates !== undefined && dates !== 'dmy' && dates !== 'mdy')) {
    process.stderr.write('Say which: psi import-bank FILE.csv [--currency EUR] [--dates dmy|mdy]\n');
    return 2;
  }
  const config = loadConfig(process.env);
  const lines = readStatement(textOf(file), {
    currency: (values.currency ?? config.company.currency).toUpperCase(),
    tz: config.company.tz,
    dates: dates ?? null,
  });
  const store = openStore(storePath(config));
  try {
    const desk = createBankLines(store, systemClock, config.company.currency);
    const { added, known } = await desk.importLines(lines, basename(file));
    const waiting = (await desk.openLines()).length;
    process.stdout.write(
      `${added} new, ${known} known from before. ${waiting} incoming ${waiting === 1 ? 'line waits' : 'lines wait'} to be matched.\n`,
    );
  } finally {
    await store.close();
  }
  return 0;
}

function textOf(file: string): string {
  try {
    if (statSync(file).size > MOST_BYTES)
      throw new UserError('invalid_input', `${file} is too large for a statement.`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('not_found', `${file} cannot be read.`);
  }
}
