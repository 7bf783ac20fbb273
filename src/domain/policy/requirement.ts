import type { UserErrorCode } from '../../lib/errors.ts';
import { formatMoney } from '../money/format.ts';
import type { Money, Principal, Role, Scope } from '../types.ts';
import { mayUse, rolesWith, roleWords } from './rights.ts';
import type { Band, Policy, ToolRule } from './schema.ts';

export interface PolicyQuestion {
  tool: string;
  scope: Scope;
  /** In the company's currency; null when no money moves. */
  amount: Money | null;
  requester: Principal;
  /** Everybody in the workspace, from whom approvers can come. */
  members: readonly Principal[];
  /** Minor units this requester has asked for with this tool in the company day, without this one. */
  askedTodayMinor: number;
  /** Different customers this requester touches with this tool in the company day, with this one. */
  customersToday: number;
  policy: Policy;
}

/** The same shape as the door's `Requirement`. */
export interface RequirementFound {
  approverRoles: Role[];
  approvals: 1 | 2;
  selfApproval: boolean;
  typedAmount: boolean;
  words: string;
}

export type PolicyAnswer =
  | { ok: true; requirement: RequirementFound; timing: ToolRule['timing'] }
  | { ok: false; code: UserErrorCode; say: string; hint: string };

/** What can be refused before anything is looked up: null when it may be asked for. */
export function mayAsk(
  policy: Policy,
  scope: Scope,
  roles: readonly Role[],
): Extract<PolicyAnswer, { ok: false }> | null {
  if (policy.stopped) {
    return refuse(
      'not_allowed',
      'Everything consequential is stopped by the policy.',
      'Whoever keeps policy.yml can lift it with `stopped: false`.',
    );
  }
  if (mayUse(scope, roles, policy)) return null;
  const who = roleWords(rolesWith(scope, policy));
  return refuse('not_allowed', 'Your role may not ask for this.', `Ask ${who} to request it.`);
}

/** Who must say yes to this, or why nobody may. Denied unless a rule allows it. */
export function requirementFor(question: PolicyQuestion): PolicyAnswer {
  const { policy, tool, requester, amount } = question;
  const early = mayAsk(policy, question.scope, requester.roles);
  if (early !== null) return early;
  const rule = Object.hasOwn(policy.tools, tool) ? policy.tools[tool] : undefined;
  if (rule === undefined) {
    return refuse(
      'not_allowed',
      `The policy has no rule for ${tool}, so nobody may do it.`,
      'Add one to policy.yml.',
    );
  }
  if (question.customersToday > rule.maxCustomers) {
    return refuse(
      'not_allowed',
      `That would touch ${question.customersToday} customers today; the limit is ${rule.maxCustomers} a day.`,
      'Wait until tomorrow, or ask somebody else to request it.',
    );
  }
  if (amount !== null && amount.currency !== policy.currency) {
    return refuse(
      'not_allowed',
      `The policy is in ${policy.currency}, the amount in ${amount.currency}.`,
      "Set the currency in policy.yml to the company's.",
    );
  }
  const band = bandFor(rule, amount, question.askedTodayMinor);
  if (!band.ok) return band;
  return peopleFor(question, rule, band.band);
}

/** The day's sum chooses the band, so that one large refund in small pieces is treated as what it is. */
function bandFor(
  rule: ToolRule,
  amount: Money | null,
  askedTodayMinor: number,
): { ok: true; band: Band } | Extract<PolicyAnswer, { ok: false }> {
  if (amount === null) {
    const unlimited = rule.bands.find((band) => band.upToMinor === null);
    if (unlimited !== undefined) return { ok: true, band: unlimited };
    return refuse(
      'not_allowed',
      "The amount in the company's currency is not known.",
      'Try again once exchange rates are in.',
    );
  }
  const sumMinor = askedTodayMinor + amount.minor;
  const band = rule.bands.find((one) => one.upToMinor === null || sumMinor <= one.upToMinor);
  if (band !== undefined) return { ok: true, band };
  const limit = formatMoney({ minor: rule.bands.at(-1)?.upToMinor ?? 0, currency: amount.currency });
  const today = formatMoney({ minor: askedTodayMinor, currency: amount.currency });
  return refuse(
    'not_allowed',
    askedTodayMinor > 0
      ? `With ${today} asked for today this is above the limit of ${limit} a day.`
      : `${formatMoney(amount)} is above the limit of ${limit}.`,
    'It has to be done outside Psi, or the limit in policy.yml raised.',
  );
}

function peopleFor(question: PolicyQuestion, rule: ToolRule, band: Band): PolicyAnswer {
  const { requester, amount, policy } = question;
  const approvers = question.members.filter(
    (member) => member.kind === 'user' && member.roles.some((role) => band.approvers.includes(role)),
  );
  const others = new Set(
    approvers.map((member) => member.userId).filter((userId) => userId !== requester.userId),
  );
  const own = band.self_approval && requester.roles.some((role) => band.approvers.includes(role)) ? 1 : 0;
  if (others.size + own >= band.approvals) {
    const self = band.self_approval;
    return {
      ok: true,
      timing: rule.timing,
      requirement: {
        approverRoles: [...band.approvers],
        approvals: band.approvals,
        selfApproval: self,
        typedAmount: self && band.typed_amount && amount !== null,
        words: requirementWords(band, amount),
      },
    };
  }
  const foundersAlone = requester.roles.includes('founder') && others.size === 0;
  if (foundersAlone && rule.aloneUpToMinor !== null) {
    const sumMinor = question.askedTodayMinor + (amount?.minor ?? 0);
    if (sumMinor <= rule.aloneUpToMinor) return aloneRequirement(rule, amount);
  }
  const missing = band.approvals - own - others.size;
  const limit =
    foundersAlone && rule.aloneUpToMinor !== null
      ? ` Alone you may approve up to ${formatMoney({ minor: rule.aloneUpToMinor, currency: policy.currency })} a day.`
      : '';
  return refuse(
    'not_allowed',
    `This needs ${band.approvals === 2 ? 'two people' : 'another person'} to approve, and there ${missing === 1 ? 'is one too few' : 'are two too few'}.${limit}`,
    `Name a second person first: add them to a group that policy.yml gives the role of ${roleWords(band.approvers)}.`,
  );
}

function aloneRequirement(rule: ToolRule, amount: Money | null): PolicyAnswer {
  return {
    ok: true,
    timing: rule.timing,
    requirement: {
      approverRoles: ['founder'],
      approvals: 1,
      selfApproval: true,
      typedAmount: amount !== null,
      words:
        amount === null
          ? 'Nobody else may approve, so you may, as a founder.'
          : 'Nobody else may approve, so you may, as a founder, by typing the amount.',
    },
  };
}

function requirementWords(band: Band, amount: Money | null): string {
  const who = roleWords(band.approvers);
  if (band.approvals === 2) {
    return `Needs two approvals from ${who}${band.self_approval ? '' : ', neither from the one who asked'}.`;
  }
  if (!band.self_approval) return `Needs one approval from ${who}, not from the one who asked.`;
  const typed = band.typed_amount && amount !== null ? '; whoever asked may too, by typing the amount' : '';
  return `Needs one approval from ${who}${typed}.`;
}

/** Roles and limits may have changed since the proposal: the stricter of then and now holds. */
export function stricter(then: RequirementFound, now: RequirementFound): RequirementFound {
  const both = then.approverRoles.filter((role) => now.approverRoles.includes(role));
  const merged = {
    approverRoles: both.length > 0 ? both : now.approverRoles,
    approvals: then.approvals === 2 || now.approvals === 2 ? (2 as const) : (1 as const),
    selfApproval: then.selfApproval && now.selfApproval,
    typedAmount: then.typedAmount || now.typedAmount,
  };
  const same = (other: RequirementFound) =>
    other.approvals === merged.approvals &&
    other.selfApproval === merged.selfApproval &&
    other.typedAmount === merged.typedAmount &&
    other.approverRoles.length === merged.approverRoles.length;
  return { ...merged, words: same(then) ? then.words : same(now) ? now.words : `${now.words} ${then.words}` };
}

function refuse(code: UserErrorCode, say: string, hint: string): Extract<PolicyAnswer, { ok: false }> {
  return { ok: false, code, say, hint };
}
