import { z } from 'zod';
import { plainCell } from '../../domain/language/safe-text.ts';
import { moneySchema } from '../../domain/output-shapes.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { lineAmount, lineWords, waitingLines } from '../../tools/books/bank-readings.ts';
import { tieToStripe } from '../../tools/books/books-state.ts';
import matchPayment from '../../tools/books/match-payment.ts';
import { count, sayMoneys, totals } from '../../tools/wording.ts';
import { defineSkill, type SkillContext, type StepOutcome } from '../define-skill.ts';
import {
  proposedBatch,
  proposedSchema,
  refusedWords,
  untilDecided,
  withdrawProposed,
} from '../proposed-batch.ts';

const DAY_MS = 86_400_000;
/** Movements further back were tied when they were new. */
const TIED_DAYS = 31;
/** A card is read by people. */
const MOST_ROWS = 50;
const MOST_NAMED = 5;

const bookedSchema = z.object({ words: z.string(), ties: z.boolean() });
const waitingSchema = z.object({
  batchId: z.string().nullable(),
  refused: proposedSchema.shape.refused,
  unread: z.array(z.object({ line: z.string(), why: z.string() })),
  sums: z.array(moneySchema),
});
const reportedSchema = z.object({ words: z.string() });

/** See SKILL.md. */
export default defineSkill({
  name: 'reconciliation',
  scope: 'billing:write',
  input: z.strictObject({}),
  steps: [
    {
      name: 'books',
      title: 'Bringing the journal up to date',
      timeoutMs: 5 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await bringUp(ctx) }),
    },
    {
      name: 'propose',
      title: 'Reading the bank lines',
      timeoutMs: 5 * 60_000,
      run: async (_, ctx) => ({ kind: 'done', result: await propose(ctx) }),
      compensate: async (_, ctx) => withdrawProposed(ctx),
    },
    { name: 'decisions', title: 'Waiting for decisions', run: async (_, ctx) => decisions(ctx) },
    {
      name: 'report',
      title: 'Saying what was matched',
      run: async (_, ctx) => ({ kind: 'done', result: await report(ctx) }),
    },
  ],
  summarize(done) {
    const { words: books } = bookedSchema.parse(done.books);
    const { refused, unread } = waitingSchema.parse(done.propose);
    const { words } = reportedSchema.parse(done.report);
    return [words, books, refusedWords(refused), unreadWords(unread)].filter((one) => one !== '').join('\n');
  },
});

type Result = { [key: string]: Json };

async function bringUp(ctx: SkillContext): Promise<Result> {
  const { books, sources, clock } = ctx;
  await sources.refresh(['stripe'], 'checks');
  const { posted, changed } = await books.bringUp();
  const endAt = clock.now() + 1;
  const tie = await tieToStripe(
    { startAt: endAt - TIED_DAYS * DAY_MS, endAt },
    await books.trialBalance(endAt),
    ctx,
  );
  const words = [
    posted === 0 ? 'The journal was up to date.' : `${posted.toLocaleString('en-US')} entries posted.`,
    tie.ties
      ? "The journal ties to Stripe's balance."
      : `The journal does not tie to Stripe's balance: ${tie.differences.slice(0, MOST_NAMED).join(' ')}`,
    changed.length === 0
      ? ''
      : `Posted before now with other amounts, and left: ${changed.slice(0, MOST_NAMED).join(', ')}.`,
  ];
  return { words: words.filter((one) => one !== '').join(' '), ties: tie.ties };
}

async function propose(ctx: SkillContext): Promise<Result> {
  const { waiting } = await waitingLines(ctx);
  const readable = waiting.filter(({ readings }) => readings.length > 0).slice(0, MOST_ROWS);
  const unread = waiting
    .filter(({ readings }) => readings.length === 0)
    .map(({ line, unmatched }) => ({ line: lineWords(line), why: unmatched ?? '' }));
  const sums = totals(readable.map(({ line }) => lineAmount(line))).map(({ minor, currency }) => ({
    minor,
    currency,
  }));
  if (readable.length === 0) return { batchId: null, refused: [], unread, sums };
  const clear = readable.filter(({ chosen }) => chosen !== null).length;
  const intro = [
    `${clear} with one clear reading; of the others the best is proposed and the rest named.`,
    'What is approved is marked paid at Stripe; what is rejected waits for the next run.',
    unreadWords(unread),
  ];
  const title = `Bank lines to match: ${readable.length}`;
  try {
    const batch = await ctx.proposeBatch({
      title,
      intro: intro.filter((one) => one !== '').join(' '),
      tool: matchPayment,
      rows: readable.map(({ line, chosen }) => ({
        line: line.id,
        ...(chosen === null ? { reading: 1 } : {}),
      })),
    });
    const refused = batch.refused.map(({ what, why }) => ({ what, why }));
    return { batchId: batch.id, refused, unread, sums };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { batchId: null, refused: [{ what: title, why: error.message }], unread, sums };
  }
}

async function decisions(ctx: SkillContext): Promise<StepOutcome> {
  const { refused, unread, sums } = waitingSchema.parse(ctx.done.propose);
  const { words } = bookedSchema.parse(ctx.done.books);
  return untilDecided(ctx, (batch) => [
    `${count(batch.rows.length, 'bank line')}, ${sayMoneys(sums)}, on one card in this thread, a row each.`,
    words,
    refusedWords(refused),
    unreadWords(unread),
  ]);
}

async function report(ctx: SkillContext): Promise<Result> {
  const batch = await proposedBatch(ctx);
  if (batch === null) return { words: 'No bank line was proposed to be matched.' };
  const states = batch.rows.map(({ approval }) => approval.state);
  const matched = states.filter((state) => state === 'applied').length;
  const failed = batch.rows.filter(({ approval }) => approval.state === 'failed');
  const left = states.length - matched;
  const words = [
    `${matched} of ${count(states.length, 'bank line')} matched.`,
    left === 0 ? '' : `${left} left for the next run.`,
    ...failed.map(
      ({ approval }) =>
        `Not matched: ${plainCell(approval.plan.title)}: ${plainCell(approval.outcome ?? '')}`,
    ),
  ];
  return { words: words.filter((one) => one !== '').join(' ') };
}

function unreadWords(unread: z.output<typeof waitingSchema>['unread']): string {
  if (unread.length === 0) return '';
  const named = unread.slice(0, MOST_NAMED).map(({ line, why }) => `${plainCell(line)}: ${why}`);
  const more = unread.length - named.length;
  return `Nothing fits ${count(unread.length, 'bank line')}. ${named.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`;
}
