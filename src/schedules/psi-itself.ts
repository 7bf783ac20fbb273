import type { Company, Principal } from '../domain/types.ts';

/** Psi as the one who acts, for turns that are nobody's own. It has no role: it can read and change nothing by tools. */
export function psiItself(company: Pick<Company, 'tz'>, teamId: string): Principal {
  return { kind: 'schedule', teamId, userId: 'psi', name: 'Psi', email: null, roles: [], tz: company.tz };
}
