import { titleInSentence } from '../metrics/format-value.ts';
import { exponentOf } from '../money/exponents.ts';
import type { Exhibit } from '../types.ts';
import type { ChangeAnswer, ChangeEffect } from './answer.ts';
import { sentenceCount, sentenceList } from './words.ts';

const EFFECTS_IN_PROSE = 4;
const ACCOUNTS_IN_PROSE = 2;

/** The change, a line for each part of it with whom, and what came with it. Every figure stands in the answer. */
export function narrateChange(answer: ChangeAnswer): string {
  const correction = correctionOf(answer);
  if (answer.unsplit)
    return [
      ...correction,
      headline(answer),
      answer.unsplit.reason,
      ...askInstead(answer.unsplit.instead),
      ...aside(answer),
    ].join(' ');
  const parts = [...effectLines(answer), ...fractionSentence(answer)].join('\n\n');
  const rest = aside(answer).join(' ');
  return [...correction, headline(answer), [parts, rest].filter(Boolean).join('\n\n')].join(' ');
}

/** What happened in the same time, what is to be known about the split, and what it does not say. */
function aside({ links, notes, effects }: ChangeAnswer): string[] {
  const together = links.map((link) => link.text).join('; ');
  return [
    ...(links.length > 0 ? [`In the same time: ${together}.`] : []),
    ...notes,
    ...(effects.length > 0 ? ['This says what came with the change, not why it came about.'] : []),
  ];
}

/** "Why is MRR down" where it went up: that is said before anything else. */
function correctionOf({ supposed, difference }: ChangeAnswer): string[] {
  if (supposed === undefined || difference === null) return [];
  if (difference === 0) return [`It did not go ${supposed}.`];
  const way = difference > 0 ? 'up' : 'down';
  return way === supposed ? [] : [`It did not go ${supposed} but ${way}.`];
}

function headline({ title, narrowedTo, before, after, ...answer }: ChangeAnswer): string {
  const subject = `${titleInSentence(title)}${narrowedTo ? ` ${narrowedTo}` : ''}`;
  const verb = subject.endsWith('s') ? 'come to' : 'is';
  if (after.value === null || before.value === null) {
    return `${subject}: ${after.text} ${after.when}, ${before.text} ${before.when}.`;
  }
  const now = `${subject} ${verb} ${after.text} ${after.when}`;
  if (answer.difference === 0) return `${now}, the same as ${before.when}.`;
  const share = answer.percent === null ? '' : ` (${Math.abs(answer.percent).toFixed(1)}%)`;
  const way = (answer.difference ?? 0) > 0 ? 'up' : 'down';
  return `${now}, ${way} ${answer.differenceText ?? ''}${share} from ${before.text} ${before.when}.`;
}

function askInstead(instead: readonly string[]): string[] {
  const quoted = instead.map((say) => `"${say}"`);
  return quoted.length === 0
    ? []
    : [`You can ask ${sentenceList(quoted).replace(/ and (?="[^"]*"$)/, ' or ')}.`];
}

/** A line that leads in, and one below it for each part. */
function effectLines({ effects, difference, unit }: ChangeAnswer): string[] {
  if (effects.length === 0) return ['Nothing behind it changed.'];
  const told = effects
    .slice(0, EFFECTS_IN_PROSE)
    .map((effect) => `${effect.label}: ${effect.text}${behind(effect, unit)}.`);
  const rest = effects.length - told.length;
  const more = rest > 0 ? [`${sentenceCount(rest, 'smaller part')} in the table.`] : [];
  const lead = difference === 0 ? 'What changed cancels out:' : 'It splits into these parts:';
  return [[lead, ...told, ...more].join('\n- ')];
}

/** Parts too small to show are among the others. */
const ROUNDS_AWAY = /^[+-]0(?:\.0+)?(?![\d.])/;

/** " (Acme +$20.00, Bolt -$5.00 and 3 others)". */
function behind({ accounts, others }: ChangeEffect, unit: string): string {
  if (accounts.length === 0) return others ? ` (${sentenceCount(others.count, 'customer')})` : '';
  const named = accounts
    .slice(0, ACCOUNTS_IN_PROSE)
    .filter(({ text }) => !ROUNDS_AWAY.test(text))
    .map(({ name, text }) => `${name} ${unit === 'ratio' ? text.replace(' percentage points', '') : text}`);
  const count = accounts.length - named.length + (others?.count ?? 0);
  const all = count > 0 ? [...named, sentenceCount(count, 'other')] : named;
  return named.length === 0 ? '' : ` (${sentenceList(all)})`;
}

function fractionSentence({ fraction }: ChangeAnswer): string[] {
  if (!fraction) return [];
  const { numerator, base } = fraction;
  return [
    `By its two sides: ${numerator.text} from what is counted, ${base.text} from what it is a share of.`,
  ];
}

/** The waterfall from one side to the other, and the table of effects with everybody named. */
export function changeExhibits(answer: ChangeAnswer): Exhibit[] {
  return answer.effects.length === 0 ? [] : [waterfallOf(answer), tableOf(answer)];
}

function sideLabel(when: string): string {
  return when.replace(/^(?:at the end of|as of|for) /, '');
}

function titleOf({ title, narrowedTo, before, after }: ChangeAnswer): string {
  const subject = narrowedTo ? `${title} ${narrowedTo}` : title;
  return `${subject}: ${sideLabel(before.when)} to ${sideLabel(after.when)}`;
}

function waterfallOf(answer: ChangeAnswer): Exhibit {
  const { before, after, effects } = answer;
  const { divisor, label } = scaleOf(answer);
  return {
    kind: 'waterfall',
    title: titleOf(answer),
    steps: [
      { label: sideLabel(before.when), value: (before.value ?? 0) / divisor, total: true },
      ...effects.map((effect) => ({ label: effect.label, value: effect.value / divisor })),
      { label: sideLabel(after.when), value: (after.value ?? 0) / divisor, total: true },
    ],
    valueLabel: label,
    alt: `${headline(answer)} ${effectLines(answer).join(' ').replaceAll('\n- ', ' ')}`,
  };
}

/** Major units and percent, as charts are drawn. */
function scaleOf({ unit, before, title }: ChangeAnswer): { divisor: number; label: string } {
  if (unit === 'money' && before.money) {
    return { divisor: 10 ** exponentOf(before.money.currency), label: before.money.currency };
  }
  if (unit === 'ratio') return { divisor: 0.01, label: '%' };
  return { divisor: 1, label: unit === 'ms' ? 'ms' : title };
}

function tableOf(answer: ChangeAnswer): Exhibit {
  const { before, after, effects } = answer;
  return {
    kind: 'table',
    title: titleOf(answer),
    columns: [
      { header: 'Part', align: 'left' },
      { header: answer.title, align: 'right' },
      { header: 'With', align: 'left' },
    ],
    rows: [
      [sideLabel(before.when), before.text, ''],
      ...effects.map((effect) => [effect.label, effect.text, everybody(effect)]),
      [sideLabel(after.when), after.text, ''],
    ],
  };
}

function everybody({ accounts, others }: ChangeEffect): string {
  const named = accounts.map(({ name, text }) => `${name} ${text.replace(' percentage points', '')}`);
  if (named.length === 0) return others ? sentenceCount(others.count, 'customer') : '';
  const rest = others ? [`${sentenceCount(others.count, 'other')} ${others.text}`] : [];
  return [...named, ...rest].join(', ');
}
