import { z } from 'zod';
import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { ledgerReceipt } from '../receipt.ts';

const input = z.strictObject({
  customer: customerInput.optional(),
  approval: z.string().trim().min(1).max(100).optional().describe('Approval id (apr_...)'),
  limit: z.number().int().min(1).max(100).optional().describe('How many entries, default 20'),
});

const entry = z.strictObject({
  seq: z.number(),
  at: z.number(),
  who: z.string(),
  what: z.string(),
  about: z.string(),
  amount: z.string().nullable(),
});

const output = z.strictObject({
  of: z.string().nullable(),
  total: z.number(),
  tz: z.string(),
  rows: z.array(entry),
  listed: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'get_audit',
  description:
    'Reads the audit log: who asked for, approved, rejected, carried out or undid what, and when. Use it for questions like who approved a refund. Not for business numbers.',
  scope: 'audit:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'who approved the Acme refund', input: { customer: 'Acme' } },
    { say: 'show the audit log', input: {} },
  ],
  recognize,
  async run(wanted, ctx) {
    const customer = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
    const subject = wanted.approval === undefined ? customer?.id : `approval:${wanted.approval}`;
    const { rows, total } = await ctx.approvals.audit({
      ...(subject === undefined ? {} : { subject }),
      limit: wanted.limit ?? 20,
    });
    const entries = rows.map((row) => ({
      seq: row.seq,
      at: row.at,
      who: row.actorName ?? (row.actor === 'psi' ? 'Psi' : row.actor),
      what: wordsOf(row.action),
      about: aboutOf(row.subject, row.details),
      amount: amountIn(row.details),
    }));
    return {
      of: customer?.name ?? wanted.approval ?? null,
      total,
      tz: ctx.principal.tz,
      rows: entries,
      listed: rows.map((row) => ({ id: String(row.seq), label: wordsOf(row.action) })),
      receipt: ledgerReceipt(
        { name: 'Audit log', words: 'Entries of the hash-chained audit log, newest first' },
        ctx.clock.now(),
        total,
      ),
    };
  },
  narrate({ of, total, tz, rows }) {
    const [latest] = rows;
    const where = of === null ? 'in the audit log' : `about ${of} in the audit log`;
    if (latest === undefined) return `There is nothing ${where}.`;
    const decided = rows.find((row) => row.what === 'approved' || row.what === 'rejected') ?? latest;
    const amount = decided.amount === null ? '' : ` (${decided.amount})`;
    const count = total === 1 ? 'There is 1 entry' : `There are ${total} entries`;
    return `${decided.who} ${decided.what} ${decided.about}${amount} on ${timeWords(decided.at, tz)}. ${count} ${where}.`;
  },
  exhibits({ rows, tz }) {
    if (rows.length === 0) return [];
    return [
      {
        kind: 'table',
        title: 'Audit log',
        columns: ['When', 'Who', 'What', 'About', 'Amount'].map((header) => ({
          header,
          align: header === 'Amount' ? ('right' as const) : ('left' as const),
        })),
        rows: rows.map((row) => [timeWords(row.at, tz), row.who, row.what, row.about, row.amount ?? '']),
      },
    ];
  },
});

/** "approval.first_yes" -> "gave the first approval of". */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  'approval.proposed': 'asked for',
  'approval.first_yes': 'gave the first approval of',
  'approval.approved': 'approved',
  'approval.rejected': 'rejected',
  'approval.superseded': 'replaced',
  'approval.voided': 'voided',
  'approval.expired': 'let expire',
  'approval.applied': 'carried out',
  'approval.failed': 'could not carry out',
  'approval.unknown': 'does not know the outcome of',
  'approval.undone': 'undid',
  'approval.reminder': 'reminded people of',
  'approval.escalation': 'escalated',
  'decision.refused': 'was not allowed to decide',
  'edit.refused': 'was not allowed to edit',
  'undo.refused': 'was not allowed to undo',
  'undo.decided': 'decided to undo',
  'undo.failed': 'could not undo',
  'proposal.refused': 'was refused',
};

function wordsOf(action: string): string {
  return ACTION_WORDS[action] ?? action.replaceAll('.', ' ').replaceAll('_', ' ');
}

const detailsSchema = z.object({
  tool: z.string().optional(),
  about: z.string().optional(),
  amount: z.object({ minor: z.number(), currency: z.string() }).nullable().optional(),
});

function aboutOf(subject: string, details: unknown): string {
  const parsed = detailsSchema.safeParse(details);
  if (!parsed.success || parsed.data.tool === undefined) return subject.replace(':', ' ');
  return [parsed.data.tool.replaceAll('_', ' '), parsed.data.about?.replace(':', ' ')]
    .filter(Boolean)
    .join(' of ');
}

function amountIn(details: unknown): string | null {
  const parsed = detailsSchema.safeParse(details);
  const amount = parsed.success ? parsed.data.amount : null;
  return amount === null || amount === undefined ? null : formatMoney(amount);
}

function timeWords(at: number, tz: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** What became of something asked for: "what happened with the refund", "did the reminder go out". */
const FATE =
  /\b(?:happened|happening|status|progress|outcome|news|where is|wheres|go through|went through|gone through|go out|went out|been approved|processed)\b.*\b(?:refund|reminder)\b|\b(?:refund|reminder)\b.*\b(?:go through|went through|gone through|go out|went out|get approved|been approved|approved yet|processed|status|done yet|pending)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const approval = /\bapr_[a-z0-9]+/.exec(utterance.text)?.[0];
  const asks =
    /\baudit\b/.test(phrase) ||
    FATE.test(phrase) ||
    /\bwhat (?:did|have|has) (?:you|psi) (?:actually |just |already )?(?:do|done|send|sent|change|changed|refund|refunded|been doing|been up to)\b/.test(
      phrase,
    ) ||
    /\bwho did what\b|\bwhat (?:has been|was|got) (?:done|changed|sent|applied|carried out)\b|\bwhat (?:have|did) we (?:do|done|send|sent|change|changed)\b|\b(?:activity|action|change) (?:log|history|trail)\b|\bhistory of (?:actions|changes|approvals|decisions)\b/.test(
      phrase,
    ) ||
    /\bwho (?:has )?(?:approved?|rejected|okayed|ok'd|authorised|authorized|declined|denied|decided|requested|asked for|refunded|proposed|undid|signed off)\b/.test(
      phrase,
    ) ||
    (approval !== undefined && /\b(?:what happened|history|who)\b/.test(phrase));
  if (!asks) return [];
  if (approval !== undefined) {
    return [{ input: { approval }, confidence: 0.9, interpretation: `Audit log of ${approval}` }];
  }
  const customer = namedCustomer(utterance);
  if (customer === null) return [{ input: {}, confidence: 0.8, interpretation: 'Audit log' }];
  return [
    { input: { customer: customer.id }, confidence: 0.9, interpretation: `Audit log about ${customer.name}` },
  ];
}
