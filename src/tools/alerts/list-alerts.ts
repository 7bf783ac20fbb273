import { z } from 'zod';
import { ALERT_KINDS, ALERT_LISTS, type AlertKind } from '../../domain/alerts/alert.ts';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { listedSchema, receiptSchema } from '../../domain/output-shapes.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput, limitInput } from '../inputs.ts';
import { ledgerReceipt } from '../receipt.ts';
import { count, left, sayDay } from '../wording.ts';

const LOOKED_THROUGH = 500;

const input = z.strictObject({
  list: z.enum(ALERT_LISTS).optional().describe('open (default): not snoozed; mine: those I have taken'),
  kind: z.enum(ALERT_KINDS).optional(),
  customer: customerInput.optional(),
  limit: limitInput.optional(),
});

const output = z.strictObject({
  list: z.enum(ALERT_LISTS),
  about: z.string().nullable(),
  /** The asker may see alerts of some kinds only. */
  partly: z.boolean(),
  total: z.int(),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(ALERT_KINDS),
      title: z.string(),
      detail: z.string(),
      seenOn: z.string(),
      owner: z.string().nullable(),
    }),
  ),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_alerts',
  description:
    'Lists open alerts: failed payments, drops of usage, accounts that may leave, error spikes and incidents, sources that are behind, approvals about to expire, failed runs. Use it for "what needs a look" or "what is on fire". Not for lists of all failed payments or for metrics.',
  scope: 'metrics:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'any alerts?', input: {} },
    { say: "what's on fire", input: {} },
    { say: 'what needs a look?', input: {} },
    { say: 'show my alerts', input: { list: 'mine' } },
    { say: 'which alerts are snoozed?', input: { list: 'snoozed' } },
  ],
  recognize,
  async run({ list = 'open', kind, customer: reference, limit = 10 }, ctx) {
    const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
    const found = await ctx.alerts.list(ctx.principal, {
      list,
      ...(kind ? { kinds: [kind] } : {}),
      limit: customer ? LOOKED_THROUGH : limit,
    });
    const rows = customer ? found.rows.filter(({ subject }) => subject.id === customer.id) : found.rows;
    const total = customer ? rows.length : found.total;
    const shown = rows.slice(0, limit);
    return {
      list,
      about: customer?.name ?? null,
      partly: ctx.alerts.kindsFor(ctx.principal).length < ALERT_KINDS.length,
      total,
      rows: shown.map((alert) => ({
        id: alert.id,
        kind: alert.kind,
        title: alert.title,
        detail: alert.detail,
        seenOn: sayDay(alert.lastSeenAt, ctx.principal.tz),
        owner: alert.owner?.name ?? null,
      })),
      listed: shown.map(({ id, kind: what, subject }) => ({
        id,
        label: `${KIND_WORDS[what]}: ${subject.name}`,
        ...(subject.kind === 'customer' ? { customerId: subject.id } : {}),
      })),
      receipt: ledgerReceipt(
        { name: 'Alerts', words: 'Alerts that are open, of the kinds the asker may see' },
        ctx.clock.now(),
        total,
      ),
    };
  },
  narrate({ list, about, partly, total, rows }) {
    const whose = about ? ` about ${about}` : '';
    const noun = list === 'snoozed' ? 'snoozed alert' : 'open alert';
    const mine = list === 'mine' ? ' that you have taken' : '';
    if (total === 0)
      return list === 'open' && !about
        ? `Nothing${partly ? ' of what your role may see' : ''} needs a look right now.`
        : `No ${noun}s${whose}${mine}.`;
    const shown = rows.map(({ title, owner }) => `${title}${owner ? ` ${owner} has it.` : ''}`);
    const more = total > rows.length ? ` The newest ${rows.length}:` : '';
    return `${count(total, noun)}${whose}${mine}.${more} ${shown.join(' ')}`;
  },
  exhibits({ rows }) {
    if (rows.length === 0) return [];
    return [
      {
        kind: 'table',
        title: 'Alerts',
        columns: left('What', 'Alert', 'Last seen', 'Who has it'),
        rows: rows.map((row) => [KIND_WORDS[row.kind], row.title, row.seenOn, row.owner ?? 'nobody']),
      },
    ];
  },
});

const KIND_WORDS: Readonly<Record<AlertKind, string>> = {
  payment_failed: 'Failed payment',
  usage_drop: 'Usage drop',
  account_risk: 'May leave',
  error_spike: 'Errors',
  source_stale: 'Source behind',
  data_quality: 'Data quality',
  approval_expiring: 'Approval expiring',
  run_failed: 'Failed run',
};

const BROAD =
  /\b(?:on fire|needs? (?:a|any) look|needs? looking at|burning|whats wrong|(?:is )?anything (?:wrong|broken|burning|on fire)|should i (?:worry|be worried)|worry about)\b/;
/** Words that make the sentence an order about one alert. */
const ORDER =
  /\b(?:snooze|unsnooze|mute|silence|wake|release|give back|(?:ill|i will|let me) (?:take|handle|own)|i take|i?ve got (?:it|the|this|that))\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const named = says(utterance, 'alert', 'alerts', 'alarm', 'alarms');
  if (!named && !BROAD.test(phrase)) return [];
  // "That alert is mine" takes it.
  if (ORDER.test(phrase) || /\b(?:alert|one|it|that) is mine\b/.test(phrase)) return [];
  const customer = namedCustomer(utterance);
  const list = says(utterance, 'snoozed')
    ? 'snoozed'
    : says(utterance, 'my', 'mine', 'i have', 'ive')
      ? 'mine'
      : null;
  const kind = kindIn(phrase);
  const input: { [key: string]: Json } = {
    ...(list ? { list } : {}),
    ...(kind ? { kind } : {}),
    ...(customer ? { customer: customer.id } : {}),
    ...(utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
  };
  const what =
    list === 'snoozed' ? 'Snoozed alerts' : list === 'mine' ? 'Alerts you have taken' : 'Open alerts';
  const interpretation = [what, kind ? KIND_WORDS[kind].toLowerCase() : null, customer?.name]
    .filter(Boolean)
    .join(', ');
  return [{ input, confidence: named ? 0.96 : 0.9, interpretation }];
}

function kindIn(phrase: string): AlertKind | null {
  if (/\bpayments?\b/.test(phrase)) return 'payment_failed';
  if (/\busage\b/.test(phrase)) return 'usage_drop';
  if (/\berrors?|incidents?|outages?\b/.test(phrase)) return 'error_spike';
  return null;
}
