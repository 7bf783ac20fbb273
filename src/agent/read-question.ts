import { plainMessage } from '../domain/language/analyse-utterance.ts';
import { findPeriods } from '../domain/periods/find-periods.ts';
import { periodArgument } from '../domain/periods/period-argument.ts';
import type { ReportCall } from '../domain/reports/report.ts';
import type { Json, Principal } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import { toolsFor } from '../tools/scopes.ts';
import { lexiconOf } from './lexicon-of.ts';
import { wordReader } from './read-message.ts';
import { decide } from './rules/decide.ts';
import type { Decision } from './rules/decision.ts';
import type { AgentDeps } from './runtime.ts';

export type QuestionReader = (question: string, asker: Principal) => Promise<ReportCall[]>;

/**
 * Reads a question as the rules would read it in a message, without asking it, for looking up again and again: what
 * the words call a period is kept as those words. "MRR and signups" is two look-ups where each part is a question.
 */
export function createQuestionReader(
  deps: Pick<AgentDeps, 'tools' | 'customers' | 'skills' | 'scopesOf' | 'company' | 'clock' | 'words'>,
): QuestionReader {
  const lexicon = lexiconOf(deps);

  async function readWhole(words: string, asker: Principal): Promise<Decision> {
    const text = plainMessage(words);
    const known = await deps.words?.(asker);
    const read = wordReader({
      ...(known ? { known } : {}),
      previous: [],
      lexicon,
      nowAt: deps.clock.now(),
      tz: asker.tz,
      company: deps.company,
      skills: deps.skills,
    });
    const permitted = toolsFor(deps.tools, asker, deps.scopesOf);
    const context = { tools: deps.tools, permitted, offered: [], askerName: asker.name, read, lexicon };
    return decide(read(text, await deps.customers.mentionedIn(text)), context);
  }

  function callOf(words: string, decision: Decision, asker: Principal): ReportCall {
    if (decision.kind !== 'call') throw unreadable(words, decision);
    const tool = deps.tools.find(({ name }) => name === decision.tool);
    if (tool?.effect !== 'read')
      throw new UserError(
        'unsupported',
        `"${words}" is not a question, and only look-ups can come by the clock.`,
        'Ask for a number or a list.',
      );
    return { tool: tool.name, input: withMovingPeriods(decision.input, words, asker), words };
  }

  function withMovingPeriods(input: { [key: string]: Json }, words: string, asker: Principal) {
    const at = { nowAt: deps.clock.now(), tz: asker.tz };
    const mentions = findPeriods(plainMessage(words), at);
    return Object.fromEntries(
      Object.entries(input).map(([key, value]) => {
        if (typeof value !== 'string' || !INSTANTS.test(value)) return [key, value];
        const mention = mentions.find(({ period }) => period !== null && periodArgument(period) === value);
        if (!mention) throw fixedPeriod(words);
        return [key, mention.text];
      }),
    );
  }

  return async (question, asker) => {
    const parts = question.split(/\s*(?:,|;|&|\+|\band\b)\s*/i).filter((part) => part !== '');
    if (parts.length > 1 && parts.length <= 8) {
      const decisions = await Promise.all(parts.map((part) => readWhole(part, asker)));
      if (decisions.every((decision) => decision.kind === 'call'))
        return parts.map((part, index) => callOf(part, decisions[index] ?? NOTHING, asker));
    }
    return [callOf(question, await readWhole(question, asker), asker)];
  };
}

const NOTHING: Decision = { kind: 'say', text: '', suggestions: [] };
const INSTANTS = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z\/\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function unreadable(words: string, decision: Exclude<Decision, { kind: 'call' }>): UserError {
  const meant = decision.kind === 'ask' ? decision.offers.map(({ label }) => label).join('; ') : '';
  return new UserError(
    'invalid_input',
    `I cannot tell what "${words.slice(0, 80)}" asks for${meant === '' ? '' : `: it could be ${meant}`}.`,
    'Name a number or a list as you would ask for it, such as "MRR by plan" or "signups last week".',
  );
}

function fixedPeriod(words: string): UserError {
  return new UserError(
    'invalid_input',
    `I cannot keep the period of "${words.slice(0, 80)}" moving from one time to the next.`,
    'Name one such as "yesterday", "last week" or "this month".',
  );
}
