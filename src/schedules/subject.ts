import type { Schedule } from './define-schedule.ts';

/** Whose a turn is, for people to read: a person's name; null for Psi's own, or when nobody can tell. */
export async function subjectOf(
  schedule: Schedule | undefined,
  subject: string,
): Promise<{ name: string | null; teamId: string | null }> {
  try {
    const principal = await schedule?.runAs(subject);
    if (!principal) return { name: null, teamId: null };
    return { name: principal.kind === 'user' ? principal.name : null, teamId: principal.teamId };
  } catch {
    return { name: null, teamId: null };
  }
}
