import { z } from 'zod';
import { groupedByBatch } from '../../domain/approvals/grouped.ts';
import { APPROVAL_STATES } from '../../domain/approvals/state-machine.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';

const input = z.strictObject({
  for_me: z.boolean().optional().describe('Only what waits for the decision of the one who asks'),
  state: z.enum(APPROVAL_STATES).optional().describe('Only requests in this state; pending means undecided'),
  limit: z.number().int().min(1).max(50).optional().describe('How many to list, default 10'),
});

const output = z.strictObject({
  forMe: z.boolean(),
  state: z.string().nullable(),
  total: z.number(),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      state: z.string(),
      requester: z.string(),
      amount: z.string().nullable(),
      expiresAt: z.number(),
      /** How many requests the entry stands for: the rows of a batch are listed together. */
      count: z.number(),
    }),
  ),
  listed: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_approvals',
  description:
    'Lists proposed actions and where they stand: what waits for me, what is pending, what was approved, rejected or expired. Use it for questions about approvals. It decides nothing.',
  scope: 'approvals:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: "what's waiting for me", input: { for_me: true } },
    { say: 'list pending approvals', input: { state: 'pending' } },
    { say: 'show rejected requests', input: { state: 'rejected' } },
  ],
  recognize,
  async run(wanted, ctx) {
    const limit = wanted.limit ?? 10;
    const forMe = wanted.for_me === true;
    const { teamId, userId, roles } = ctx.principal;
    const page = await ctx.approvals.list({
      teamId,
      ...(forMe ? { waitingFor: { userId, roles } } : {}),
      ...(wanted.state === undefined ? {} : { state: wanted.state }),
      limit: LOOKED_AT,
    });
    const rows = groupedByBatch(page.rows)
      .slice(0, limit)
      .map((entry) => ({
        ...entry,
        amount: entry.amounts.map((sum) => formatMoney(sum)).join(' and ') || null,
      }))
      .map(({ amounts: _amounts, ...entry }) => entry);
    return {
      forMe,
      state: wanted.state ?? null,
      total: page.total,
      rows,
      listed: rows.map((row) => ({ id: row.id, label: row.title })),
      receipt: ledgerReceipt(
        { name: 'Approvals', words: 'Rows of the approval ledger as they stand' },
        ctx.clock.now(),
        page.total,
      ),
    };
  },
  narrate({ forMe, state, total, rows }) {
    if (total === 0) {
      return forMe
        ? 'Nothing waits for your decision.'
        : `There are no ${state ?? ''} approvals.`.replace('  ', ' ');
    }
    const what = total === 1 ? '1 request' : `${total} requests`;
    const verb = total === 1 ? 'waits' : 'wait';
    const which = forMe ? `${what} ${verb} for your decision` : `${what}${state === null ? '' : ` ${state}`}`;
    const shown = rows.map(
      (row) =>
        `${row.title}, asked for by ${row.requester}${forMe || state !== null ? '' : `, ${row.state}`}`,
    );
    const listed = rows.reduce((sum, row) => sum + row.count, 0);
    const more = total > listed ? ` The first ${listed}:` : '';
    return `${which}.${more} ${shown.join('; ')}.`;
  },
  exhibits({ rows }) {
    if (rows.length === 0) return [];
    return [
      {
        kind: 'table',
        title: 'Approvals',
        columns: [
          { header: 'Action', align: 'left' },
          { header: 'Asked by', align: 'left' },
          { header: 'Amount', align: 'right' },
          { header: 'State', align: 'left' },
        ],
        rows: rows.map((row) => [row.title, row.requester, row.amount ?? '', row.state]),
      },
    ];
  },
});

/** The rows of a batch are one entry, so more is read than is listed. */
const LOOKED_AT = 1_000;

const NOUN = /\b(?:approvals?|requests?|proposals?|cards? (?:waiting|pending|open))\b/;
/** Cards by what became of them, where no noun is needed: "whats pending", "what got rejected". */
const FATE_ALONE =
  /^(?:(?:so|and|psi|ok) )*(?:whats|what is|what was|what got|what has been|what have we|anything|is anything|something|everything|all)(?: (?:still|been|currently|that was|is|got|was))* (?:pending|undecided|to be approved|rejected|denied|declined|turned down|expired|undone)(?: (?:right now|now|today|lately|recently|by (?:us|someone|anyone)))*$/;

const MINE =
  /\bwaiting (?:for|on) (?:me|my)\b|\b(?:anything|something|what|stuff|cards?) (?:for me|to decide|to sign off|i should (?:approve|decide))\b|\bneeds? (?:me|my ok|my okay|my sign ?off)\b|\bon my (?:plate|desk)\b|\bmy (?:queue|cards)\b|\bneeds? my attention\b|\bwaits for me\b|\bto approve\b|\bmy approvals?\b|\bneeds? my (?:approval|decision)\b|\bfor me to (?:approve|decide)\b|\bi (?:need|have) to (?:approve|decide)\b/;
const STATE_WORDS: readonly [RegExp, (typeof APPROVAL_STATES)[number]][] = [
  [/\b(?:pending|open|undecided|waiting|outstanding)\b/, 'pending'],
  [/\b(?:rejected|denied|declined|turned down)\b/, 'rejected'],
  [/\bexpired\b/, 'expired'],
  // Approved is a moment: what people mean by it has been carried out since.
  [/\b(?:approved|accepted|applied|done|carried out|completed)\b/, 'applied'],
  [/\bfailed\b/, 'failed'],
  [/\b(?:superseded|replaced)\b/, 'superseded'],
  [/\bundone\b/, 'undone'],
];

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (/\bwho\b|\baudit\b/.test(phrase)) return [];
  if (MINE.test(phrase)) {
    return [{ input: { for_me: true }, confidence: 0.9, interpretation: 'What waits for your decision' }];
  }
  if (!(NOUN.test(phrase) || FATE_ALONE.test(phrase)) || /\bpull request|\bapi requests?\b/.test(phrase))
    return [];
  const state = STATE_WORDS.find(([words]) => words.test(phrase))?.[1];
  const asks =
    /\b(?:list|show|whats|what|which|any|all|see|are there|how many)\b|^(?:pending |open )?approvals?$/.test(
      phrase,
    );
  const sure = /\bapprovals?\b/.test(phrase) || FATE_ALONE.test(phrase) || state !== undefined;
  const confidence = asks && sure ? 0.85 : sure ? 0.65 : 0.4;
  if (state === undefined) return [{ input: {}, confidence, interpretation: 'Approvals' }];
  return [{ input: { state }, confidence, interpretation: `Approvals, ${state}` }];
}
