import type { Utterance } from '../../domain/language/utterance.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { type Step, stepFor } from '../../domain/metrics/series.ts';
import type { Json } from '../../domain/types.ts';
import { type Decision, type PlannedCall, type RulesContext, toDecision } from './decision.ts';
import { describeInput, periodIn } from './describe-input.ts';
import { type LastCall, takes } from './last-calls.ts';

type Input = { [key: string]: Json };

const WHO =
  /^(?:(?:and|so|ok|but|can you|please|show|tell|list|name|give|me|us) )*(?:who(?: (?:are|is|were|was) (?:they|those|these|it|that))?|whos?(?: (?:that|those|they|exactly))?|which(?: ones?| customers?| accounts?| companies)?(?: (?:are|were|is|was) (?:they|those|these|it|that))?|by (?:who|whom)|them|the names|their names|names)$/;
const HOW_MANY =
  /^(?:(?:and|so|ok|but) )*(?:how (?:many|much)(?: (?:is|are|was|were) (?:that|it|they|those|there))?(?: in total| altogether)?|(?:whats|what is) the (?:total|count|sum)|(?:the )?total|count (?:them|that|those))$/;
const WHY =
  /^(?:(?:and|so|ok|but|hm|hmm|wait) )*(?:why|how come|why (?:is|was|did|has|so|the|this|that).{0,40}|what (?:happened|changed|drove (?:it|that|this)|caused (?:it|that|this)|is behind (?:it|that|this))(?: there| here)?|whats behind (?:it|that|this)|explain(?: (?:it|that|this))?|whats the reason|what is the reason|the reason|for what reason)$/;
const CURRENCY =
  /^(?:(?:and|show|give|convert|me|us|it|that|this|them|to|the|same|in|into|as|what is|whats|is|how much|please|can you|could you) )*(euros?|eur|pounds?|gbp|sterling|dollars?|usd|yen|jpy|local currency|original currency|original currencies|the originals?)(?: please| instead)?$/;
const VIEW =
  /^(?:(?:as|in|into|a|an|the|it|that|this|them|show|me|us|make|draw|give|plot|can|could|you|i|have|see|get|please|want|nice|bar|line|and|now|put|turn) )*(chart|graph|plot|table|list|picture|chart it|chart that|chart this|graph it|graph that|graph this|plot it|plot that|plot this|draw it|trend|over time)(?: (?:please|instead|form|view|version|of (?:it|that|this)))*$/;

/** The same numbers seen otherwise: who is behind them, how many that is, why, in which currency, as a chart. */
export function anotherView(
  utterance: Utterance,
  last: readonly LastCall[],
  context: RulesContext,
): Decision | null {
  const phrase = utterance.words.join(' ');
  if (utterance.customers.length > 0 || utterance.periods.length > 0) return null;
  if (WHO.test(phrase)) return each(last, utterance, whoIsBehind);
  if (HOW_MANY.test(phrase)) return each(last, utterance, inTotal);
  if (WHY.test(phrase)) return whyOf(utterance, last, context);
  const currency = CURRENCY.exec(phrase)?.[1];
  if (currency !== undefined) return inCurrency(last, utterance);
  const view = VIEW.exec(phrase)?.[1];
  if (view !== undefined)
    return each(last, utterance, (input) =>
      isTable(view) ? asTable(input, utterance) : asChart(input, utterance),
    );
  return null;
}

function each(
  last: readonly LastCall[],
  utterance: Utterance,
  change: (input: Input) => Input | null,
  words?: string,
): Decision | null {
  const calls = last.flatMap(({ tool, input }): PlannedCall[] => {
    const changed = change(input);
    return changed === null
      ? []
      : [{ tool: tool.name, input: changed, interpretation: describeInput(changed, utterance) }];
  });
  return toDecision(calls, words);
}

function whoIsBehind(input: Input): Input | null {
  const metric = findMetric(String(input.metric));
  if (!metric?.dimensions.includes('customer')) return null;
  const { top: _top, chart: _chart, compare: _compare, customer: _customer, ...rest } = input;
  return { ...rest, by: 'customer' };
}

function inTotal(input: Input): Input {
  const views = ['by', 'top', 'order', 'chart', 'having', 'rank'];
  return Object.fromEntries(Object.entries(input).filter(([field]) => !views.includes(field)));
}

function isTable(view: string): boolean {
  return view === 'table' || view === 'list';
}

function asChart(input: Input, utterance: Utterance): Input {
  return { ...input, by: input.by ?? stepOf(input, utterance), chart: 'auto' };
}

function asTable(input: Input, utterance: Utterance): Input {
  const { chart: _, ...rest } = input;
  const by = input.by ?? stepOf(input, utterance);
  // Groups are shown as a table anyway, a series only when it is asked for.
  return { ...rest, by, ...(STEPS.has(by) ? { chart: 'table' } : {}) };
}

const STEPS: ReadonlySet<Json> = new Set(['day', 'week', 'month']);

function stepOf(input: Input, utterance: Utterance): Step {
  return stepFor(periodIn(input.period, utterance));
}

/** Totals are kept in one currency; what was billed in each is there to see. */
function inCurrency(last: readonly LastCall[], utterance: Utterance): Decision | null {
  const words =
    'My totals are in the currency of the company, each amount converted at the rate of its own day; I do not convert them into another. This is what was billed in each currency, with the original amounts:';
  const billed = (input: Input): Input | null => {
    const metric = findMetric(String(input.metric));
    if (metric?.unit !== 'money' || !metric.dimensions.includes('currency')) return null;
    const { top: _top, order: _order, chart: _chart, compare: _compare, ...rest } = input;
    return { ...rest, by: 'currency' };
  };
  const found = each(last, utterance, billed, words);
  if (found) return found;
  return { kind: 'say', text: 'That number is no amount of money, so it has no currency.', suggestions: [] };
}

/**
 * Why a number moved: of the tool that takes changes apart, with the period and what narrowed it carried. Where none
 * does, the number beside the period before it, and nothing is made up about causes.
 */
function whyOf(utterance: Utterance, last: readonly LastCall[], context: RulesContext): Decision | null {
  const calls = last.flatMap((call): PlannedCall[] => {
    const name = findMetric(String(call.input.metric))?.synonyms[0];
    if (name === undefined) return [];
    const question = { ...context.read(`why did ${name} change`, []), previous: [] };
    for (const tool of context.tools) {
      if (tool.name === call.tool.name || !takes(tool, 'metric') || takes(tool, 'claimed')) continue;
      const reading = tool.recognize(question).find(({ confidence }) => confidence >= 0.6);
      if (!reading) continue;
      const carried = Object.entries(call.input).filter(([field]) => takes(tool, field) && field !== 'by');
      const input = { ...reading.input, ...Object.fromEntries(carried) };
      return [{ tool: tool.name, input, interpretation: `Why: ${describeInput(input, utterance)}` }];
    }
    return [];
  });
  if (calls.length > 0) return toDecision(calls.slice(0, 1));
  const words =
    'I cannot take this change apart into its causes yet. Here it is beside the period before; "by customer" or "by plan" shows where it comes from.';
  return each(
    last,
    utterance,
    (input) => ({ ...inTotal(input), compare: input.compare ?? 'previous' }),
    words,
  );
}
