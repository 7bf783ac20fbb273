import {
  counted,
  type ModelUseLedger,
  type ModelUseSum,
  tokensOf,
  total,
  usedWords,
} from '../../domain/model-usage.ts';
import { dateAt, startOfDayAt } from '../../domain/periods/calendar.ts';
import { budgetWords, type ModelBudget } from '../../domain/policy/model-rules.ts';
import type { Company, Principal, Scope } from '../../domain/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import { header, type MessageBlock, mrkdwn, section } from '../views/blocks.ts';
import { defineWord, type Word } from './define-word.ts';

const MOST_PEOPLE = 20;

/** What the language model was used for and what it cost: today, in 7 days, this month. */
export function usageWord(parts: {
  modelUse: Pick<ModelUseLedger, 'sums'>;
  budget: ModelBudget | null;
  /** 'rules', or the model's name. */
  mode(): string;
  members(teamId: string): Promise<readonly Pick<Principal, 'userId' | 'name'>[]>;
  scopesOf(reader: Principal): readonly Scope[];
  company: Pick<Company, 'tz'>;
  clock: Clock;
}): Word {
  const { modelUse, budget, clock, company } = parts;

  async function people(reader: Principal, month: readonly ModelUseSum[]): Promise<MessageBlock[]> {
    const names = new Map((await parts.members(reader.teamId)).map(({ userId, name }) => [userId, name]));
    const lines = groupedBy(month, (sum) => sum.userId ?? '')
      .sort(([, a], [, b]) => tokensOf(b) - tokensOf(a))
      .slice(0, MOST_PEOPLE)
      .map(
        ([userId, sums]) =>
          `• ${mrkdwn(userId === '' ? 'Psi itself' : (names.get(userId) ?? 'Somebody who left'))}: ${usedWords(sums)}`,
      );
    return lines.length === 0 ? [] : [header('By person, this month'), section(lines.join('\n'))];
  }

  return defineWord({
    word: 'usage',
    usage: 'usage - what the language model was used for and what it cost: today, 7 days, this month',
    run: async ({ reader }) => {
      if (!parts.scopesOf(reader).includes('metrics:read'))
        throw new UserError('not_allowed', 'Your role does not include what the language model is used for.');
      const today = dateAt(clock.now(), company.tz);
      const since = {
        Today: today,
        'Last 7 days': today.subtract({ days: 6 }),
        'This month': today.with({ day: 1 }),
      };
      const spans = await Promise.all(
        Object.entries(since).map(async ([title, day]) => ({
          title,
          sums: await modelUse.sums({ teamId: reader.teamId, sinceAt: startOfDayAt(day, company.tz) }),
        })),
      );
      const mode = parts.mode();
      const now = mode === 'rules' ? 'No model is set: I answer in rules mode.' : `The model is ${mode}.`;
      const limit = budget === null ? '' : ` It may use ${budgetWords(budget)} a day.`;
      const month = spans.at(-1)?.sums ?? [];
      const blocks = [
        section(mrkdwn(`${now}${limit}`)),
        ...spans.map(({ title, sums }) => section(`*${title}*\n${byModel(sums)}`)),
        ...(reader.roles.includes('founder') ? await people(reader, month) : []),
      ];
      return { text: `${now} Today: ${usedWords(spans[0]?.sums ?? [])}.`, blocks };
    },
  });
}

function byModel(sums: readonly ModelUseSum[]): string {
  const lines = groupedBy(sums, (sum) => sum.model).map(
    ([model, own]) => `• ${mrkdwn(model)}: ${usedWords(own)}${details(own)}`,
  );
  return lines.join('\n') || 'Not used.';
}

/** How long a call took, how much was read from the vendor's cache, and what went wrong. */
function details(sums: readonly ModelUseSum[]): string {
  const calls = total(sums, (sum) => sum.calls);
  const read = total(sums, (sum) => sum.inputTokens);
  const cached = total(sums, (sum) => sum.cachedTokens);
  const fallbacks = total(sums, (sum) => sum.fallbacks);
  const failures = total(sums, (sum) => sum.failures);
  const notes = [
    calls === 0 ? null : `${(total(sums, (sum) => sum.latencyMs) / calls / 1000).toFixed(1)} s a call`,
    read === 0 ? null : `${Math.round((cached / read) * 100)}% cached`,
    failures === 0 ? null : `${counted(failures, 'failed call')}`,
    fallbacks === 0 ? null : `${fallbacks} answered by rules`,
  ].filter((note) => note !== null);
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

function groupedBy(
  sums: readonly ModelUseSum[],
  keyOf: (sum: ModelUseSum) => string,
): [string, ModelUseSum[]][] {
  const groups = new Map<string, ModelUseSum[]>();
  for (const sum of sums) groups.set(keyOf(sum), [...(groups.get(keyOf(sum)) ?? []), sum]);
  return [...groups];
}
