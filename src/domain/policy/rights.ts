import type { Place, Principal, Role, Scope } from '../types.ts';
import type { Policy } from './schema.ts';

/** A member of the workspace as Slack describes them. */
export interface Member {
  /** User-group handles, with or without the @. */
  groups: readonly string[];
  email: string | null;
  isGuest: boolean;
  isStranger: boolean;
}

/** Guests and strangers are never more than guests, whatever group or address they have. */
export function rolesFor(member: Member, policy: Policy): Role[] {
  if (member.isGuest || member.isStranger) return ['guest'];
  const handles = new Set(member.groups.map((handle) => handle.replace(/^@/, '').toLowerCase()));
  const email = member.email?.toLowerCase();
  const named = (['founder', 'finance', 'success', 'analyst'] as const).filter((role) => {
    const rule = policy.roles[role];
    return (
      rule.groups.some((group) => handles.has(group.replace(/^@/, '').toLowerCase())) ||
      rule.emails.some((address) => address.toLowerCase() === email)
    );
  });
  return named.length > 0 ? named : ['viewer'];
}

export function scopesFor(roles: readonly Role[], policy: Policy): Set<Scope> {
  return new Set(roles.flatMap((role) => policy.scopes[role]));
}

export function mayUse(scope: Scope, roles: readonly Role[], policy: Policy): boolean {
  return scopesFor(roles, policy).has(scope);
}

/** Roles that have a scope, for saying whom to ask. */
export function rolesWith(scope: Scope, policy: Policy): Role[] {
  return (['founder', 'finance', 'success', 'analyst', 'viewer'] as const).filter((role) =>
    policy.scopes[role].includes(scope),
  );
}

/** Everything behind a scope is internal: it is told only where everybody who can read along is a member. */
export function audienceAllows(place: Pick<Place, 'internalOnly'>): boolean {
  return place.internalOnly;
}

/** The shape of `Requirement` that rights are read from. */
export interface DecisionRule {
  approverRoles: readonly Role[];
  selfApproval: boolean;
}

export type Right = { ok: true } | { ok: false; because: 'not_a_person' | 'role' | 'own_request' };

/** Whether this person's verdict counts. Whoever asked may always take the request back. */
export function mayDecide(
  rule: DecisionRule,
  requesterId: string,
  by: Pick<Principal, 'kind' | 'userId' | 'roles'>,
  verdict: 'approve' | 'reject',
): Right {
  if (by.kind !== 'user') return { ok: false, because: 'not_a_person' };
  const own = by.userId === requesterId;
  if (verdict === 'reject' && own) return { ok: true };
  if (!by.roles.some((role) => rule.approverRoles.includes(role))) return { ok: false, because: 'role' };
  if (own && !rule.selfApproval) return { ok: false, because: 'own_request' };
  return { ok: true };
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  founder: 'a founder',
  finance: 'finance',
  success: 'customer success',
  analyst: 'an analyst',
  viewer: 'a member',
  guest: 'a guest',
};

/** "finance or a founder". */
export function roleWords(roles: readonly Role[]): string {
  const words = roles.map((role) => ROLE_WORDS[role]);
  const last = words.at(-1) ?? 'nobody';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last;
}
