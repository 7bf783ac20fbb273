import { analyseUtterance, isCommonWord } from '../domain/language/analyse-utterance.ts';
import { type CompanyWords, NO_WORDS } from '../domain/language/company-words.ts';
import { findSkill } from '../domain/language/find-skill.ts';
import type { Lexicon } from '../domain/language/lexicon.ts';
import { inPlainWords } from '../domain/language/plain-words.ts';
import type { PreviousCall, Utterance } from '../domain/language/utterance.ts';
import { exponentOf } from '../domain/money/exponents.ts';
import { findPeriods } from '../domain/periods/find-periods.ts';
import type { CustomerMention, SkillRuns } from '../domain/ports.ts';
import type { Company } from '../domain/types.ts';

/** Words as an utterance: a whole message, or a part of one read by itself. Positions refer to the text given. */
export type ReadWords = (text: string, customers: readonly CustomerMention[]) => Utterance;

/** One reader a turn, so that a part of a message is read exactly as the message was. */
export function wordReader(at: {
  /** What is known of the company that words may mean: owners, plans, the last incident. */
  known?: CompanyWords;
  previous: readonly PreviousCall[];
  lexicon: Lexicon;
  nowAt: number;
  tz: string;
  company: Pick<Company, 'currency'>;
  skills: Pick<SkillRuns, 'skills'>;
}): ReadWords {
  const { known, previous, lexicon, nowAt, tz } = at;
  const { anchors, fiscalYearStart } = known ?? NO_WORDS;
  const readBefore = new Map<string, Utterance>();
  const read: ReadWords = (written, mentioned) => {
    const sure = mentioned.filter((mention) => !isCommonWord(mention, lexicon));
    const { text, customers } = inPlainWords(written, sure, lexicon);
    const analysed = analyseUtterance(text, {
      written,
      periods: findPeriods(text, { nowAt, tz, anchors, fiscalYearStart }),
      ...(known ? { known } : {}),
      customers,
      previous,
      lexicon,
      nowAt,
      tz,
      exponentOf,
      companyCurrency: at.company.currency,
    });
    return { ...analysed, skill: findSkill(analysed, at.skills.skills()) };
  };
  // While one message is decided on, the same part of it is read several times.
  return (written, mentioned) => {
    const places = mentioned.map(({ start, end, candidates }) => [
      start,
      end,
      candidates.map(({ id }) => id),
    ]);
    const key = JSON.stringify([written, places]);
    const before = readBefore.get(key);
    if (before) return before;
    const utterance = read(written, mentioned);
    readBefore.set(key, utterance);
    return utterance;
  };
}
