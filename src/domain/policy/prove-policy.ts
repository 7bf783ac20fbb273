import type { Money, Principal, Role, Scope } from '../types.ts';
import { ROLES } from '../types.ts';
import { type PolicyAnswer, requirementFor } from './requirement.ts';
import { mayDecide, roleWords, scopesFor } from './rights.ts';
import type { Policy } from './schema.ts';

/** What a proof needs to know of a tool. */
export interface ProvableTool {
  name: string;
  scope: Scope;
  effect: 'read' | 'own' | 'consequential';
  /** Whether its effect is a sum of money. */
  movesMoney: boolean;
}

/** One way to an effect: who asks for how much, and whose yes it then takes. */
export interface Way {
  tool: string;
  /** Policy currency, minor units; null where no money moves. */
  amountMinor: number | null;
  asker: Role;
  /** Null: nobody can bring it about, for the reason in `words`. */
  approvers: readonly Role[] | null;
  approvals: 1 | 2 | null;
  /** Whether the asker's own yes counts. */
  own: boolean;
  words: string;
}

export interface Finding {
  /** `hole`: an effect or a record without the right person. `doubt`: allowed, and worth a second look. */
  weight: 'hole' | 'doubt';
  say: string;
}

export interface PolicyProof {
  ways: Way[];
  findings: Finding[];
}

/**
 * Walks every role, tool and amount around every limit through the policy's own decision, as in a company with two
 * people of each role, and says who could bring each effect about and what looks wrong. Runs nothing.
 */
export function provePolicy(policy: Policy, tools: readonly ProvableTool[]): PolicyProof {
  const ways = tools
    .filter((tool) => tool.effect === 'consequential')
    .flatMap((tool) =>
      amountsAround(policy, tool).flatMap((minor) => ROLES.map((asker) => wayOf(policy, tool, minor, asker))),
    );
  return { ways, findings: [...findingsIn(ways, tools), ...readersIn(policy), ...rulesIn(policy, tools)] };
}

/** Each limit, one minor unit above it, and the smallest amount. */
function amountsAround(policy: Policy, tool: ProvableTool): (number | null)[] {
  if (!tool.movesMoney) return [null];
  const rule = Object.hasOwn(policy.tools, tool.name) ? policy.tools[tool.name] : undefined;
  const limits = [...(rule?.bands ?? []).map((band) => band.upToMinor), rule?.aloneUpToMinor ?? null].flatMap(
    (limit) => limit ?? [],
  );
  return [...new Set([1, ...limits.flatMap((limit) => [limit, limit + 1])])].sort((a, b) => a - b);
}

const TWO_OF_EACH: readonly Principal[] = ROLES.flatMap((role) =>
  [1, 2].map((n) => member(`${role}${n}`, role)),
);

function member(userId: string, role: Role): Principal {
  return { kind: 'user', teamId: 'T', userId, name: userId, email: null, roles: [role], tz: 'UTC' };
}

function wayOf(policy: Policy, tool: ProvableTool, amountMinor: number | null, asker: Role): Way {
  const requester = member(`${asker}1`, asker);
  const amount: Money | null =
    amountMinor === null ? null : { minor: amountMinor, currency: policy.currency };
  const answer: PolicyAnswer = requirementFor({
    ...{ tool: tool.name, scope: tool.scope, amount, requester, members: TWO_OF_EACH, policy },
    askedTodayMinor: 0,
    customersToday: 1,
  });
  const way = { tool: tool.name, amountMinor, asker };
  if (!answer.ok) return { ...way, approvers: null, approvals: null, own: false, words: answer.say };
  const { requirement } = answer;
  const yes = TWO_OF_EACH.filter((one) => mayDecide(requirement, requester.userId, one, 'approve').ok);
  return {
    ...way,
    approvers: ROLES.filter((role) => yes.some((one) => one.roles.includes(role))),
    approvals: requirement.approvals,
    own: yes.some((one) => one.userId === requester.userId),
    words: requirement.words,
  };
}

const OUTSIDE: readonly Role[] = ['viewer', 'guest'];

function findingsIn(ways: readonly Way[], tools: readonly ProvableTool[]): Finding[] {
  const found = ways.flatMap((way): Finding[] => {
    if (way.approvers === null) return [];
    const strangers = way.approvers.filter((role) => OUTSIDE.includes(role));
    const money = tools.some((tool) => tool.name === way.tool && tool.movesMoney);
    const holes: Finding[] = [];
    if (strangers.length > 0) {
      holes.push({ weight: 'hole', say: `${roleWords(strangers)} may approve ${way.tool}.` });
    }
    if (OUTSIDE.includes(way.asker)) {
      holes.push({ weight: 'doubt', say: `${roleWords([way.asker])} may ask for ${way.tool}.` });
    }
    if (way.own && money && !way.words.includes('typing')) {
      holes.push({
        weight: 'hole',
        say: `Whoever asks for ${way.tool} may approve it alone without typing the amount.`,
      });
    }
    return holes;
  });
  return unique(found);
}

function readersIn(policy: Policy): Finding[] {
  const scopes = [...scopesFor(['guest'], policy)];
  return scopes.length === 0
    ? []
    : [
        {
          weight: 'hole',
          say: `Guests have ${scopes.join(', ')}: people from outside the company would read internal data.`,
        },
      ];
}

/** What the rules themselves show: money without a top, tools without a rule, approvers who may not see it. */
function rulesIn(policy: Policy, tools: readonly ProvableTool[]): Finding[] {
  return tools
    .filter((tool) => tool.effect === 'consequential')
    .flatMap((tool): Finding[] => {
      const rule = Object.hasOwn(policy.tools, tool.name) ? policy.tools[tool.name] : undefined;
      if (rule === undefined) {
        return [{ weight: 'doubt', say: `There is no rule for ${tool.name}, so nobody may do it.` }];
      }
      const found: Finding[] = [];
      if (tool.movesMoney && rule.bands.some((band) => band.upToMinor === null)) {
        found.push({ weight: 'doubt', say: `${tool.name} has no highest amount.` });
      }
      const blind = [...new Set(rule.bands.flatMap((band) => band.approvers))].filter(
        (role) => !scopesFor([role], policy).has(tool.scope),
      );
      if (blind.length > 0) {
        const may = `${roleWords(blind)} may approve ${tool.name} without the right to ask for it`;
        found.push({ weight: 'doubt', say: `${may} (${tool.scope}).` });
      }
      return found;
    });
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.say, finding])).values()];
}
