import type { FeedbackRow } from './store/feedback.ts';

/** A candidate eval case, in the format of the case files. */
export interface CandidateCase {
  id: string;
  area: 'feedback';
  note: string;
  user: { role: string };
  where: 'dm' | 'channel';
  turns: string[];
  expect: { must: string[] };
}

const SOMEBODY = 'somebody';

/**
 * An answer that did not help as a case for somebody to finish: what was asked, by which role, what was wrong. What
 * would have been right is left open. Names and addresses of the workspace's people are taken out.
 */
export function candidateCase(row: FeedbackRow, people: readonly string[]): CandidateCase | null {
  const question = withoutPeople(row.question ?? '', people).trim();
  if (question === '') return null;
  const called = [...new Set(row.calls.map((call) => call.tool))].join(', ') || 'nothing';
  const comment = row.comment ? `: ${withoutPeople(row.comment, people)}` : '';
  const day = new Date(row.at).toISOString().slice(0, 10);
  return {
    id: `F-${row.id}`,
    area: 'feedback',
    note: `${row.reason ?? 'not helpful'}${comment} (asked ${day}, ${row.mode ?? 'unknown'} mode, called ${called}). To do: say what is right.`,
    user: { role: row.role ?? 'viewer' },
    where: row.channelId.startsWith('D') ? 'dm' : 'channel',
    turns: [question],
    expect: { must: [] },
  };
}

/** Whole names before their parts, longest first, so that no half of a name is left standing. */
function withoutPeople(text: string, people: readonly string[]): string {
  const names = people.flatMap((name) => [name, ...name.split(/\s+/)]).filter((name) => name.length > 1);
  const patterns = [...new Set(names)].sort((a, b) => b.length - a.length).map(escaped);
  const bare = text.replace(/<@[^>]*>/g, SOMEBODY).replace(/[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+/g, SOMEBODY);
  if (patterns.length === 0) return bare;
  const named = new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return bare.replace(named, SOMEBODY).replace(new RegExp(`${SOMEBODY}(?: ${SOMEBODY})+`, 'g'), SOMEBODY);
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
