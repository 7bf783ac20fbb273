import { z } from 'zod';
import { DEFAULT_CHART } from '../../domain/books/chart.ts';
import { type BooksTarget, type ExportSettings, journalTable } from '../../domain/books/export.ts';
import type { JournalEntry } from '../../domain/books/journal.ts';
import { QUICKBOOKS } from '../../domain/books/quickbooks.ts';
import { XERO } from '../../domain/books/xero.ts';
import { says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { dateAt, dayNameAt, startOfDayAt } from '../../domain/periods/calendar.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Json, Period } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { periodOptions } from '../period-options.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right } from '../wording.ts';
import { tieToStripe, trialRows } from './books-state.ts';

const FORMATS = ['csv', 'xero', 'quickbooks'] as const;
type Format = (typeof FORMATS)[number];
const TARGETS: Readonly<Record<Exclude<Format, 'csv'>, BooksTarget>> = { xero: XERO, quickbooks: QUICKBOOKS };
/** What a spreadsheet and a message still take. */
const MOST_ROWS = 50_000;
const MOST_WORDS = 5;

const input = z.strictObject({
  period: z.string().trim().min(1).max(80).optional().describe('Default last month; company days'),
  what: z.enum(['journal', 'trial_balance']).optional(),
  format: z.enum(FORMATS).optional(),
});

const trialRow = z.strictObject({
  account: z.string(),
  name: z.string(),
  currency: z.string(),
  debit: moneySchema,
  credit: moneySchema,
  balance: moneySchema,
});

const output = z.strictObject({
  what: z.enum(['journal', 'trial_balance']),
  label: z.string(),
  until: z.string(),
  entries: z.int(),
  balanced: z.boolean(),
  ties: z.boolean(),
  movements: z.int(),
  /** What does not tie, and what cannot be handed over, a sentence each. */
  remarks: z.array(z.string()),
  trial: z.array(trialRow),
  receipt: receiptSchema,
  columns: z.array(z.strictObject({ header: z.string(), align: z.enum(['left', 'right']) })),
  rows: z.array(z.array(z.string())),
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'export_journal',
  description:
    'The double-entry journal of a period as a file (CSV, or bodies for Xero or QuickBooks), with the trial balance at its end and whether it ties to the balance at Stripe. Use it for bookkeeping, journal, ledger, trial balance. Not for metrics or lists of invoices.',
  scope: 'billing:read',
  effect: 'read',
  about: ['journal', 'ledger', 'bookkeeping', 'trial balance'],
  input,
  output,
  examples: [
    { say: 'export the journal of last month', input: { period: 'last month' } },
    { say: 'show the trial balance', input: { what: 'trial_balance' } },
    { say: 'export the journal for Xero', input: { format: 'xero' } },
  ],
  recognize,
  async run({ period: words = 'last month', what = 'journal', format = 'csv' }, ctx) {
    const { company, books, clock } = ctx;
    const read = parsePeriod(words, await periodOptions(ctx, words));
    const asked = companyDays(read, ctx.principal.tz, company.tz);
    // Only the checks need the movements of the balance, and so do the books.
    await ctx.sources.refresh(['stripe'], 'checks');
    const receipt = await openReceipt(ctx, {
      name: 'Journal',
      version: 1,
      words:
        'Double entries of finalised invoices, payments, fees, refunds, credit notes, disputes and payouts; revenue earned by the day, posted by company month',
      sources: ['stripe'],
      period: asked,
    });
    const { changed } = await books.bringUp();
    const period = { startAt: asked.startAt, endAt: Math.min(asked.endAt, clock.now() + 1) };
    const trial = await books.trialBalance(period.endAt);
    const tie = await tieToStripe(period, trial, ctx);
    const entries = await books.entries(period);
    const settings = { chart: DEFAULT_CHART, tz: company.tz, baseCurrency: company.currency };
    const file = fileOf(entries, format, settings);
    if (file.rows.length > MOST_ROWS) {
      throw new UserError(
        'unsupported',
        `${count(file.rows.length, 'line')} are too many for one file.`,
        'Ask for a shorter period.',
      );
    }
    return {
      what,
      label: asked.label,
      until: dayNameAt(period.endAt - 1, company.tz),
      entries: entries.length,
      balanced: trial.balanced,
      ties: tie.ties,
      movements: tie.movements,
      remarks: [...shortened(tie.differences), ...changedWords(changed), ...shortened(file.refused)],
      trial: trialRows(trial, DEFAULT_CHART),
      receipt: receipt(entries.length),
      columns: what === 'journal' ? file.columns : [],
      rows: what === 'journal' ? file.rows : [],
    };
  },
  narrate,
  exhibits: (data) => [
    ...(data.rows.length === 0
      ? []
      : [{ kind: 'table' as const, title: `Journal ${data.label}`, columns: data.columns, rows: data.rows }]),
    ...(data.trial.length === 0 ? [] : [trialTable(data)]),
  ],
  figures: ({ rows: _, receipt: __, ...rest }) => rest,
  // References and names in the lines are chosen by outsiders.
  untrusted: () => true,
});

interface JournalFile {
  columns: Output['columns'];
  rows: string[][];
  refused: string[];
}

function fileOf(
  entries: readonly JournalEntry[],
  format: Format,
  settings: Omit<ExportSettings, 'customerIds'>,
): JournalFile {
  if (format === 'csv') return { ...journalTable(entries, settings), refused: [] };
  const customers = entries.flatMap(({ customerId }) => (customerId === null ? [] : [customerId]));
  const named = { ...settings, customerIds: Object.fromEntries(customers.map((id) => [id, id])) };
  const file: JournalFile = { columns: left('Date', 'Entry', 'Body'), rows: [], refused: [] };
  for (const entry of entries) {
    try {
      for (const body of TARGETS[format].payloads(entry, named))
        file.rows.push([dayNameAt(entry.at, settings.tz), entry.key, JSON.stringify(body)]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      file.refused.push(error.message);
    }
  }
  const note = `Accounts and customers stand there by our codes and ids; map them in ${TARGETS[format].name}.`;
  return { ...file, refused: [...file.refused, note] };
}

function trialTable({ until, trial }: Output) {
  return {
    kind: 'table' as const,
    title: `Trial balance, end of ${until}`,
    columns: [...left('Account', 'Currency'), ...right('Debit', 'Credit', 'Balance')],
    rows: trial.map((row) => [
      `${row.account} ${row.name}`,
      row.currency,
      formatMoney(row.debit),
      formatMoney(row.credit),
      formatMoney(row.balance),
    ]),
  };
}

function narrate(data: Output): string {
  const { entries, label, until, balanced, ties, movements, remarks, trial } = data;
  const counted = `${entries.toLocaleString('en-US')} journal ${entries === 1 ? 'entry' : 'entries'}`;
  const head = data.what === 'journal' ? `${counted} in ${label}.` : '';
  const currencies = [...new Set(trial.map(({ currency }) => currency))].length;
  const balance = balanced
    ? `The trial balance at the end of ${until} balances in ${currencies === 1 ? 'its currency' : `all ${currencies} currencies`}.`
    : `The trial balance at the end of ${until} does not balance.`;
  const tie = ties
    ? `It ties to Stripe's balance: ${count(movements, 'movement')} in the period, each with its entry, and the same total.`
    : "It does not tie to Stripe's balance.";
  return [head, balance, tie, ...remarks].filter((words) => words !== '').join(' ');
}

/** The same days on the company's calendar, by which books are kept; hours within a day are cut off. */
function companyDays({ startAt, endAt }: Period, askerTz: string, tz: string): Period {
  const first = dateAt(startAt, askerTz);
  const last = dateAt(endAt - 1, askerTz);
  return makePeriod(startOfDayAt(first, tz), startOfDayAt(last.add({ days: 1 }), tz), tz);
}

function changedWords(changed: readonly string[]): string[] {
  if (changed.length === 0) return [];
  return [
    `${changed.length} posted before now come with other amounts and were left as they are: ${changed.slice(0, MOST_WORDS).join(', ')}.`,
  ];
}

function shortened(sentences: readonly string[]): string[] {
  const more = sentences.length - MOST_WORDS;
  return more <= 0 ? [...sentences] : [...sentences.slice(0, MOST_WORDS), `And ${more} more.`];
}

function recognize(utterance: Utterance): Reading[] {
  const trial = says(utterance, 'trial balance', 'trial balances');
  const journal = says(
    utterance,
    'journal',
    'general ledger',
    'bookkeeping export',
    'ledger export',
    'journal entries',
  );
  if ((!trial && !journal) || utterance.customers.length > 0) return [];
  const [mention, another] = utterance.periods;
  if (another) return [];
  const format = says(utterance, 'xero') ? 'xero' : says(utterance, 'quickbooks') ? 'quickbooks' : null;
  const given: { [key: string]: Json } = {
    ...(mention?.period ? { period: mention.text } : {}),
    ...(trial && !journal ? { what: 'trial_balance' } : {}),
    ...(format === null ? {} : { format }),
  };
  const name = trial && !journal ? 'Trial balance' : 'Journal';
  return [
    { input: given, confidence: 0.93, interpretation: `${name}, ${mention?.period?.label ?? 'last month'}` },
  ];
}
