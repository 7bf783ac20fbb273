import type { Place, Principal, Scope } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import type { Tool } from './define-tool.ts';

/** What a scope opens, said to somebody who does not have it. */
const WORDS: Record<Scope, string> = {
  'metrics:read': 'company numbers',
  'customers:read': 'customer records',
  'billing:read': 'invoices and payments',
  'billing:write': 'changes to billing',
  'support:read': 'support tickets',
  'customers:contact': 'messages to customers',
  'approvals:read': 'approvals',
  'audit:read': 'the audit log',
};

export function scopeRefusal(scope: Scope): UserError {
  return new UserError(
    'not_allowed',
    `Your role does not include ${WORDS[scope]}.`,
    'A founder can change that in the policy. Say "help" to see what you can ask.',
  );
}

/** The tools a person may use, by the scopes the policy gives them. */
export function toolsFor(
  tools: readonly Tool[],
  principal: Principal,
  scopesOf: (principal: Principal) => readonly Scope[],
): Tool[] {
  const scopes = scopesOf(principal);
  return tools.filter((tool) => scopes.includes(tool.scope));
}

export function audienceRefusal(place: Pick<Place, 'kind'>): UserError {
  if (place.kind === 'dm') {
    return new UserError(
      'wrong_audience',
      'Guests of this workspace cannot see company data.',
      'Ask a member.',
    );
  }
  return new UserError(
    'wrong_audience',
    'People from outside the company can read along here, so I cannot answer that in this channel.',
    'Ask me in a DM.',
  );
}
