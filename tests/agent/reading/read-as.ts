import { expect } from 'vitest';
import { lexiconOf } from '../../../src/agent/lexicon-of.ts';
import { wordReader } from '../../../src/agent/read-message.ts';
import { decide } from '../../../src/agent/rules/decide.ts';
import { callsOf, type Decision } from '../../../src/agent/rules/decision.ts';
import type { Offer } from '../../../src/agent/state.ts';
import { buildCustomerIndex } from '../../../src/domain/customers/matching.ts';
import { plainMessage } from '../../../src/domain/language/analyse-utterance.ts';
import type { CompanyWords } from '../../../src/domain/language/company-words.ts';
import type { PreviousCall } from '../../../src/domain/language/utterance.ts';
import type { SkillRuns } from '../../../src/domain/ports.ts';
import type { Customer } from '../../../src/domain/types.ts';
import { tools } from '../../../src/tools/index.ts';
import { quietPorts } from '../../quiet-ports.ts';

/** Sunday, 14:30 in Los Angeles. */
const NOW_AT = Date.parse('2026-11-22T22:30:00Z');
const TZ = 'America/Los_Angeles';

const NAMES =
  'Acme Robotics|Vantage Freight|Northgate Analytics|Northgate Analytica|Pelham Outfitters|Kestrel Aerial|Dunmore Textiles|Okapi Studios|Hoshino Foods|Tamarind Tours|Lyric Translation|Tessera Maps|Quillon Legal|Brindle Coffee|Cassia Dental|Ferro Cycles|Nimbus Payroll|Hollis Events|Wren Ceramics|Zola Imaging|Osaka Denki|Harrow & Finch|Sorrel Apparel|Ibex Outdoor|Juno Wellness|Palisade Legal|Amberbank|Brightbridge|Coralcast|Deltabay|Everbrook|Summitdale|Rivercast|Stonebay|Clearbridge|Goldbrook'.split(
    '|',
  );

const CUSTOMERS: readonly Customer[] = NAMES.map((name) => {
  const slug = name.toLowerCase().replace(/[^a-z]+/g, '');
  return {
    id: `cst_${slug}`,
    name,
    domain: `${slug}.example`,
    email: `billing@${slug}.example`,
    country: 'US',
    region: 'Americas',
    currency: 'USD',
    segment: 'startup',
    channel: 'organic',
    ownerEmail: null,
    stripeCustomerId: null,
    signedUpAt: 0,
  };
});

const INDEX = buildCustomerIndex(CUSTOMERS);

const KNOWN: CompanyWords = {
  plans: ['starter', 'growth', 'scale', 'enterprise'],
  regions: ['AMER', 'APAC', 'EMEA'],
  segments: ['solo', 'startup', 'midmarket', 'enterprise'],
  channels: ['organic', 'ads', 'referral', 'partner', 'outbound'],
  owners: ['lena.fischer@psizero.dev', 'marcus.bell@psizero.dev'],
  members: [
    { name: 'Lena Fischer', email: 'lena.fischer@psizero.dev' },
    { name: 'Priya Raman', email: 'priya.raman@psizero.dev' },
    { name: 'Jonas Weber', email: 'jonas.weber@psizero.dev' },
  ],
  asker: { name: 'Lena Fischer', email: 'lena.fischer@psizero.dev' },
  anchors: [],
  fiscalYearStart: 1,
};

const SKILLS: SkillRuns = {
  ...quietPorts.skills,
  skills: () => [
    {
      name: 'collections-nudge',
      description: '',
      scope: 'billing:read',
      phrases: ['chase the overdue invoices', 'chase overdue invoices', 'chase all overdue invoices'],
    },
    {
      name: 'daily-sync',
      description: '',
      scope: 'metrics:read',
      phrases: ['daily sync', 'sync everything', 'check the data'],
    },
  ],
};

const LEXICON = lexiconOf({ tools, skills: SKILLS });

/** What a thread of messages comes to: the decision on its last one. */
export function readThread(messages: readonly string[]): Decision {
  let previous: PreviousCall[] = [];
  let offered: Offer[] = [];
  let decision: Decision = { kind: 'say', text: '', suggestions: [] };
  for (const [turn, message] of messages.entries()) {
    const text = plainMessage(message);
    const read = wordReader({
      known: KNOWN,
      previous,
      lexicon: LEXICON,
      nowAt: NOW_AT,
      tz: TZ,
      company: { currency: 'USD' },
      skills: SKILLS,
    });
    decision = decide(read(text, INDEX.mentionedIn(text)), {
      tools,
      permitted: tools,
      offered,
      askerName: 'Lena',
      read,
      lexicon: LEXICON,
    });
    const calls = callsOf(decision).map((call) => ({ ...call, turnId: `t${turn}` }));
    previous = [
      ...calls.map((call) => ({
        tool: call.tool,
        input: call.input,
        listed: listedBy(call),
        turnId: call.turnId,
      })),
      ...previous,
    ];
    offered = 'offers' in decision ? (decision.offers ?? []) : [];
  }
  return decision;
}

/** A stand-in for what the call would have shown, so that "the second one" and "stop it" have something to mean. */
function listedBy({
  tool,
  input,
}: {
  tool: string;
  input: { [key: string]: unknown };
}): PreviousCall['listed'] {
  const { customer } = input;
  if (tool === 'query_metric' && input.by === 'customer')
    return ['Acme Robotics', 'Hoshino Foods', 'Okapi Studios'].map((label) => ({
      id: customerId(label),
      label,
      customerId: customerId(label),
    }));
  if (/report/.test(tool)) return [{ id: 'rep_1', label: 'mrr' }];
  if (/invoices/.test(tool))
    return ['in_1', 'in_2', 'in_3'].map((id) => ({ id, label: id, customerId: 'cst_acmerobotics' }));
  if (tool === 'list_tickets' && typeof customer === 'string')
    return ['tck_1', 'tck_2'].map((id) => ({ id, label: id, customerId: customer }));
  if (tool === 'get_customer' && typeof customer === 'string')
    return [{ id: customer, label: customer, customerId: customer }];
  return [];
}

/** Instants of the company's days: `to` is not included. */
export function span(from: string, to: string): string {
  return `${midnight(from)}/${midnight(to)}`;
}

function midnight(day: string): string {
  const summer = day >= '2026-03-09' && day <= '2026-11-01';
  const inSummerBefore = day >= '2025-03-10' && day <= '2025-11-02';
  return `${day}T${summer || inSummerBefore ? '07' : '08'}:00:00.000Z`;
}

export const OCTOBER = span('2026-10-01', '2026-11-01');
export const SEPTEMBER = span('2026-09-01', '2026-10-01');
export const Q3 = span('2026-07-01', '2026-10-01');

export const customerId = (name: string): string => `cst_${name.toLowerCase().replace(/[^a-z]+/g, '')}`;

/**
 * What is expected of a message: a tool with some of its arguments, or `say` (an answer in words) and `ask` (choices).
 * Several tools that would all be right stand side by side: "query_metric|list_invoices". An argument of `null` must
 * not be there. Turns of a thread are parted by " >> ".
 */
export type Row = readonly [said: string, outcome: string, args?: { [key: string]: unknown }];

export function check([said, outcome, args = {}]: Row): void {
  const decision = readThread(said.split(' >> '));
  const calls = callsOf(decision).map(({ tool, input }) => ({ tool, input }));
  const kinds = outcome.split('|');
  const [only, another] = calls;
  const fits =
    (only && !another && kinds.includes(only.tool) && holds(only.input, args)) ||
    (kinds.includes(decision.kind) &&
      (!(args.text instanceof RegExp) || ('text' in decision && args.text.test(decision.text))));
  // A line of its own, for the whole of what was read instead.
  if (!fits) expect.fail(`${said} -> ${JSON.stringify(only ? calls : decision)}`);
  expect(fits).toBe(true);
}

function holds(input: { [key: string]: unknown }, args: { [key: string]: unknown }): boolean {
  return Object.entries(args).every(([key, wanted]) => {
    const value = input[key];
    if (wanted === null) return value === undefined;
    if (wanted instanceof RegExp) return typeof value === 'string' && wanted.test(value);
    if (Array.isArray(wanted)) return wanted.includes(value);
    if (typeof wanted === 'object') return JSON.stringify(value) === JSON.stringify(wanted);
    return value === wanted;
  });
}
