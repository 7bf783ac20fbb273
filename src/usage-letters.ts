import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBillingFile } from './billing-file.ts';
import { loadConfig, storePath } from './config.ts';
import { REJECTIONS, type Rejection } from './domain/billing/usage-intake.ts';
import type { DeadLetter, UsageStore } from './domain/billing/usage-store.ts';
import { UserError } from './lib/errors.ts';
import { projectRoot } from './lib/paths.ts';
import { openStore } from './store/open-store.ts';
import { createUsageStore } from './store/usage-store.ts';

const BY = 'psi usage';
const MOST = 10_000;
const LISTED = 100;

/** `psi usage`: events that were not taken, and what becomes of them. Answers with an exit status. */
export async function usageLetters(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { reason: { type: 'string' }, 'accept-old': { type: 'boolean' } },
  });
  const [action = 'rejected', ...numbers] = positionals;
  if (!['rejected', 'retry', 'drop'].includes(action)) {
    throw new UserError('invalid_input', `There is no "psi usage ${action}": rejected, retry or drop.`);
  }
  const chosen = { nos: numbers.map(numberOf), reason: reasonOf(values.reason) };
  if (action !== 'rejected' && chosen.nos.length === 0 && chosen.reason === null) {
    throw new UserError(
      'invalid_input',
      `Say which: psi usage ${action} 12 13, or --reason unknown_customer.`,
    );
  }
  const store = openStore(storePath(loadConfig(process.env)));
  try {
    const usage = createUsageStore(store);
    const letters = pick(usage, chosen);
    if (action === 'rejected') say(usage, letters);
    // The time the bot last read by: its clock, also where that is a simulated one.
    else act(action, usage, letters, { acceptOld: values['accept-old'] === true, nowAt: lastReadAt(usage) });
    return 0;
  } finally {
    await store.close();
  }
}

function act(
  action: string,
  usage: UsageStore,
  letters: readonly DeadLetter[],
  { acceptOld, nowAt }: { acceptOld: boolean; nowAt: number },
): void {
  const nos = letters.map(({ no }) => no);
  if (action === 'drop') {
    usage.dropDeadLetters(nos, BY, nowAt);
    print([`${nos.length} dropped.`]);
    return;
  }
  const { conventions } = openBillingFile(join(projectRoot(), 'billing.yml'), () => undefined).current().value
    .entity;
  const { taken, refused } = usage.replayDeadLetters({ nos, by: BY, acceptOld }, conventions, nowAt);
  print([`${taken} taken, ${refused} refused again.`]);
}

function pick(usage: UsageStore, { nos, reason }: { nos: number[]; reason: Rejection | null }): DeadLetter[] {
  const letters = usage.deadLetters({ limit: MOST, ...(reason === null ? {} : { reason }) });
  if (nos.length === 0) return letters;
  const known = new Set(letters.map(({ no }) => no));
  const unknown = nos.filter((no) => !known.has(no));
  if (unknown.length > 0) throw new UserError('not_found', `No event waits under ${unknown.join(', ')}.`);
  return letters.filter(({ no }) => nos.includes(no));
}

function say(usage: UsageStore, letters: readonly DeadLetter[]): void {
  const counts = usage.openDeadLetters().map(({ reason, count }) => `${reason}: ${count}`);
  const lines = letters
    .slice(0, LISTED)
    .map(
      ({ no, reason, source, eventId, words }) =>
        `${no}\t${reason}\t${source ?? ''} ${eventId ?? ''}\t${words}`,
    );
  print(letters.length === 0 ? ['No usage event waits.'] : [counts.join(', '), ...lines]);
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function lastReadAt(usage: UsageStore): number {
  return usage.feed('psizero').readAt ?? Date.now();
}

function numberOf(text: string): number {
  const no = Number(text);
  if (Number.isSafeInteger(no) && no > 0) return no;
  throw new UserError('invalid_input', `"${text}" is not the number of an event.`);
}

function reasonOf(text: string | undefined): Rejection | null {
  if (text === undefined) return null;
  const reason = REJECTIONS.find((one) => one === text);
  if (reason) return reason;
  throw new UserError('invalid_input', `There is no reason "${text}": ${REJECTIONS.join(', ')}.`);
}
