import { type Choice, UserError } from '../../lib/errors.ts';
import type { Period } from '../types.ts';
import { dateAt } from './calendar.ts';
import { findPeriods, type PeriodOptions } from './find-periods.ts';

const SUGGESTED = ['this month', 'last month', 'this quarter', 'last 7 days', 'yesterday', 'this year'];

/** Words a period may be wrapped in without changing it. */
const PADDING = /^(?:in|on|at|for|during|over|of|the|whole|all|month|quarter|year|week)?$/i;

function shared(a: string, b: string): number {
  const letters = new Set(a.toLowerCase());
  return [...new Set(b)].filter((letter) => letters.has(letter)).length / b.length;
}

function suggestions(text: string, { nowAt, tz }: PeriodOptions): Choice[] {
  const quarter = Math.floor((dateAt(nowAt, tz).month - 1) / 3) + 1;
  const names = /^q/i.test(text.trim())
    ? [`Q${quarter}`, 'this quarter', 'last quarter']
    : [...SUGGESTED].sort((a, b) => shared(text, b) - shared(text, a)).slice(0, 3);
  return names.map((name) => ({ label: name, say: name }));
}

function refuse(message: string, text: string, options: PeriodOptions): UserError {
  const choices = suggestions(text, options);
  const hint = `Try ${choices.map((choice) => `"${choice.label}"`).join(', ')}, "Oct 2026" or "2026-10-01/2026-11-01".`;
  return new UserError('invalid_input', message, hint, choices);
}

/**
 * One period from a tool argument or a phrase: the grammar's words or an ISO interval. Throws `invalid_input`
 * with the nearest that would have worked when the text names none, names one that does not exist, or several.
 */
export function parsePeriod(text: string, options: PeriodOptions): Period {
  const mentions = findPeriods(text, options);
  const mention = mentions[0];
  const quoted = text.trim().slice(0, 60);
  if (!mention) throw refuse(`I do not know the period "${quoted}".`, text, options);
  if (!mention.period) throw refuse(nonsense(mention.text), text, options);
  if (mentions.length > 1) throw refuse(`"${quoted}" names more than one period.`, text, options);
  const around = `${text.slice(0, mention.start)} ${text.slice(mention.end)}`.split(/[^A-Za-z0-9]+/);
  if (!around.every((word) => PADDING.test(word))) {
    throw refuse(`I understood "${mention.text}" but not the rest of "${quoted}".`, text, options);
  }
  return mention.period;
}

function nonsense(phrase: string): string {
  const event = /^since (?:the |our |that |this )?(.+)$/i.exec(phrase);
  if (event && /^(?:last )?(?:outage|incident|downtime)$/i.test(event[1] ?? '')) {
    return `I know of no ${(event[1] ?? '').toLowerCase()} to count from.`;
  }
  if (/^since (?:we|i|they|you|he|she|it|the|our|that|this) /i.test(phrase)) {
    return `I do not know when that was: "${phrase.slice(6)}". Tell me the day, for example "since Oct 3".`;
  }
  if (/\d{4}\S*\/|\bto\b|\band\b|\bbetween\b|\bfrom\b|\d\s*-\s*\d?[A-Za-z]/i.test(phrase)) {
    return `"${phrase}" is not a period: a part of it does not exist, or it ends before it starts.`;
  }
  return `There is no "${phrase}".`;
}
