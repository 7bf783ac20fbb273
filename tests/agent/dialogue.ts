import { wordReader } from '../../src/agent/read-message.ts';
import { chosenWords } from '../../src/agent/rules/chosen-words.ts';
import { decide } from '../../src/agent/rules/decide.ts';
import { callsOf, type Decision } from '../../src/agent/rules/decision.ts';
import type { Offer } from '../../src/agent/state.ts';
import { buildCustomerIndex } from '../../src/domain/customers/matching.ts';
import { plainMessage } from '../../src/domain/language/analyse-utterance.ts';
import { buildLexicon } from '../../src/domain/language/lexicon.ts';
import type { PreviousCall } from '../../src/domain/language/utterance.ts';
import { METRICS } from '../../src/domain/metrics/index.ts';
import { findPeriods } from '../../src/domain/periods/find-periods.ts';
import type { Json, Role, Scope } from '../../src/domain/types.ts';
import { SCOPES } from '../../src/domain/types.ts';
import { mayPropose } from '../../src/tools/define-tool.ts';
import { tools } from '../../src/tools/index.ts';
import { ACME, customer, GLOBEX, NIMBUS_A, NIMBUS_B, NOW_AT } from './world.ts';

export const TZ = 'America/New_York';
export const BOLT = customer('cst_bolt', 'Bolt Logistics');
const CUSTOMERS = [ACME, GLOBEX, BOLT, NIMBUS_A, NIMBUS_B];
const index = buildCustomerIndex(CUSTOMERS);
const lexicon = buildLexicon(
  tools.flatMap((tool) => tool.examples.map((example) => example.say)),
  METRICS.flatMap((metric) => metric.synonyms),
);

export const SCOPES_OF: Record<Role, readonly Scope[]> = {
  founder: SCOPES,
  finance: SCOPES,
  success: [
    'metrics:read',
    'customers:read',
    'billing:read',
    'support:read',
    'customers:contact',
    'approvals:read',
  ],
  analyst: ['metrics:read', 'customers:read', 'billing:read', 'support:read', 'approvals:read'],
  viewer: ['metrics:read'],
  guest: [],
};

const SKILLS = [
  { name: 'daily-sync', phrases: [] },
  { name: 'collections-nudge', phrases: ['chase the overdue invoices'] },
].map((card) => ({ ...card, description: '', scope: 'metrics:read' as const }));

/** What a look-up would have listed, for "the second one": three customers, or three of their invoices. */
function listedBy(tool: string, input: { [key: string]: Json }): PreviousCall['listed'] {
  const three = [ACME, GLOBEX, BOLT];
  if (input.by === 'customer' || tool === 'find_customer')
    return three.map(({ id, name }) => ({ id, label: name, customerId: id }));
  if (tool === 'list_invoices')
    return three.map(({ id }, at) => ({ id: `in_10${at + 1}`, label: `PSI-010${at + 1}`, customerId: id }));
  if (tool === 'get_customer') {
    const one = CUSTOMERS.find(({ id }) => id === input.customer) ?? ACME;
    return [{ id: one.id, label: one.name, customerId: one.id }];
  }
  return [];
}

function nameOf({ customer }: { [key: string]: Json }): { customerName?: string } {
  const found = CUSTOMERS.find(({ id }) => id === customer);
  return found ? { customerName: found.name } : {};
}

/** A thread as rules mode sees it, without a store: fast enough for hundreds of turns. */
export function thread(role: Role = 'founder') {
  let previous: PreviousCall[] = [];
  let offered: readonly Offer[] = [];
  let choices: { label: string; say: string }[] = [];
  let turn = 0;
  return {
    say(message: string, as: Role = role): Decision {
      turn += 1;
      const written = plainMessage(message);
      const text = chosenWords(written, choices) ?? written;
      const read = wordReader({
        ...{ previous, lexicon, nowAt: NOW_AT, tz: TZ, company: { currency: 'USD' } },
        skills: { skills: () => SKILLS },
      });
      const utterance = read(text, index.mentionedIn(text));
      const permitted = tools.filter((tool) => SCOPES_OF[as].includes(tool.scope));
      const decision = decide(utterance, { tools, permitted, offered, askerName: 'Ada', read, lexicon });
      const calls = callsOf(decision).filter(
        ({ tool }) => !tools.some((one) => one.name === tool && mayPropose(one)),
      );
      previous = [
        ...calls.map(({ tool, input }) => ({
          tool,
          input,
          listed: listedBy(tool, input),
          turnId: `t${turn}`,
          ...nameOf(input),
        })),
        ...previous,
      ];
      offered =
        decision.kind === 'ask' ? decision.offers : decision.kind === 'calls' ? (decision.offers ?? []) : [];
      choices = decision.kind === 'say' ? decision.suggestions : [...offered];
      return decision;
    },
  };
}

/** "query_metric mrr 2026-10 by=plan customer=acme": what a turn comes to, short enough for a table. */
export function told(decision: Decision): string {
  if (decision.kind === 'say') return `says: ${decision.text}`;
  if (decision.kind === 'ask') return `asks: ${decision.text}`;
  return callsOf(decision)
    .map(({ tool, input }) =>
      [tool, ...Object.entries(input).map(([key, value]) => `${key}=${short(key, value)}`)].join(' '),
    )
    .join(' | ');
}

/** Periods as their label without commas, customers without their prefix. */
function short(key: string, value: Json): string {
  if ((key === 'period' || key === 'compare') && typeof value === 'string') {
    const label = findPeriods(value, { nowAt: NOW_AT, tz: TZ })[0]?.period?.label ?? value;
    return label.replace(/,? /g, '_');
  }
  if (typeof value === 'string') return value.replace(/^cst_/, '');
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value)
      .map(([name, inner]) => `${name}:${String(inner)}`)
      .join(',');
  return String(value);
}
