import { type ReportDesk, type ReportTarget, THE_NUMBERS } from '../domain/reports/report.ts';
import type { Place, Principal } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import type { ReportBook } from '../store/reports.ts';
import type { QuestionReader } from './read-question.ts';
import { type AudienceParts, requireAudience } from './report-audience.ts';

const NUMBERS =
  /^(?:(?:the|our|my|all|key|main|usual|daily|weekly|monthly|company|business)\s+)*(?:numbers|figures|kpis?|metrics|stats)$/i;

/** What tools may do with reports: the book, with what may stand in it. */
export function createReportDesk(
  parts: AudienceParts & {
    book: ReportBook;
    read: QuestionReader;
    /** A channel Psi is in, by its name or id. */
    channel(teamId: string, reference: string): Promise<{ channelId: string; name: string } | null>;
  },
): ReportDesk {
  const { book, read } = parts;

  async function channelNamed(reference: string, asker: Principal): Promise<ReportTarget> {
    const found = await parts.channel(asker.teamId, reference);
    const there = found && (await parts.audience(asker.teamId, found.channelId)).memberIds;
    // One answer for a channel that does not exist and one the asker is not in.
    if (!found || !there?.includes(asker.userId))
      throw new UserError(
        'not_found',
        `There is no channel #${reference.slice(0, 80)} that both of us are in.`,
        'Invite me there, or say "here".',
      );
    return { kind: 'channel', channelId: found.channelId, channelName: found.name };
  }

  return {
    async read(question, asker) {
      const words = question.trim();
      const questions = NUMBERS.test(words) ? THE_NUMBERS : [words];
      return (await Promise.all(questions.map((one) => read(one, asker)))).flat();
    },
    async target(where, asker, place, calls) {
      const target = await targetOf(where, asker, place);
      await requireAudience(target, asker, calls, parts);
      return target;
    },
    create: ({ target, words, calls, cron, timezone }, owner, askedBy) =>
      book.create(
        {
          ...{ target, words, calls, cron, timezone },
          teamId: owner.teamId,
          ownerId: owner.userId,
        },
        askedBy,
      ),
    list: (filter) => book.list(filter),
    change: (id, change) => book.change(id, change),
  };

  async function targetOf(where: string, asker: Principal, place: Place): Promise<ReportTarget> {
    if (where.startsWith('#')) return channelNamed(where.slice(1), asker);
    if (where === 'dm' || place.kind === 'dm')
      return { kind: 'dm', channelId: place.kind === 'dm' ? place.channelId : '', channelName: null };
    return channelNamed(place.channelId, asker);
  }
}
