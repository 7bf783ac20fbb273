import { toWords } from '../../domain/language/lexicon.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import type { CustomerMention } from '../../domain/ports.ts';
import type { Json } from '../../domain/types.ts';
import { type Decision, type PlannedCall, type RulesContext, toDecision } from './decision.ts';
import { asRecord, describeInput } from './describe-input.ts';
import { type LastCall, meansEverybody, takes } from './last-calls.ts';
import type { Tied } from './markers.ts';
import { anotherView } from './other-views.ts';
import { fitted, NARROWING, overlay } from './overlay.ts';
import { alone, recognized } from './recognized.ts';
import { comparedYearBefore, shiftedPeriod } from './shift-period.ts';

type Input = { [key: string]: Json };

const SURE = 0.6;

/** A number gone on from: another period, metric, filter, customer, breakdown, chart, or the people behind it. */
export function numbersGoOn(
  utterance: Utterance,
  tied: Tied,
  last: readonly LastCall[],
  context: RulesContext,
): Decision | null {
  const view = anotherView(utterance, last, context);
  if (view) return view;
  const changed = last.map((call) => change(utterance, tied, call, context));
  const calls = changed.flatMap((input, index): PlannedCall[] => {
    const tool = last[index]?.tool;
    if (!input || !tool) return [];
    return [{ tool: tool.name, input, interpretation: describeInput(input, utterance) }];
  });
  return toDecision(calls);
}

/** The call before with what the message changes of it; null where it changes nothing, or is its own question. */
function change(utterance: Utterance, tied: Tied, call: LastCall, context: RulesContext): Input | null {
  if (meansEverybody(utterance) && utterance.words.length <= 6) {
    const narrowing = ['customer', ...NARROWING];
    return Object.fromEntries(Object.entries(call.input).filter(([field]) => !narrowing.includes(field)));
  }
  const adjective = switchedMetric(String(call.input.metric), tied.rest);
  if (adjective) return { ...call.input, metric: adjective };
  const meant = customersMeant(utterance, tied);
  if (isWhole(tied, meant, context)) return null;
  const own = ownQuestion(tied.rest, meant, call, context);
  if (own) return tied.strongly ? ownMetric(own, call, utterance) : null;
  if (readAsOther(tied, meant, context)) return null;
  const delta = deltaOf(utterance, tied, meant, call, context);
  if (!delta || Object.keys(delta).length === 0) return null;
  const isTied = tied.corrects || tied.continues || tied.same;
  if (!isTied && delta.customer !== undefined) return null;
  return overlay(call.input, delta);
}

/** "And refunds?", "sorry, ARR": another metric of the same period, customer and breakdown. */
function ownMetric(alone: Input, call: LastCall, utterance: Utterance): Input {
  const ours = /\b(?:our|we|total|overall)\b/i.test(utterance.text);
  const { customer: _customer, ...company } = call.input;
  const carried = fitted({ ...(ours ? company : call.input), metric: alone.metric ?? null });
  return overlay(carried, alone);
}

/** "Gross", "net", "without refunds" after the other of the two. */
function switchedMetric(metric: string, rest: string): string | null {
  const said = rest.toLowerCase().trim();
  if (
    /^(?:not gross,? )?(?:the )?net(?: one| of refunds)?$|^(?:without|excluding|excl|minus|less|after) (?:the )?refunds$/.test(
      said,
    )
  )
    return metric === 'revenue_gross' ? 'revenue_net' : null;
  if (/^(?:not net,? )?(?:the )?gross(?: one)?$|^(?:with|including|incl|before) (?:the )?refunds$/.test(said))
    return metric === 'revenue_net' ? 'revenue_gross' : null;
  return null;
}

/** Mentions in the rest, with their places there; "not Acme, Bolt" leaves Bolt. */
function customersMeant({ customers, text }: Utterance, { rest, at }: Tied): CustomerMention[] {
  return customers
    .filter(({ start }) => !/\b(?:not|instead of|rather than|except|without)\s*$/i.test(text.slice(0, start)))
    .filter(({ start, end }) => start >= at && end <= at + rest.length)
    .map((mention) => ({ ...mention, start: mention.start - at, end: mention.end - at }));
}

/** "And failed payments in #finance daily" is a wish of its own, however it begins. */
function isWhole({ rest }: Tied, customers: CustomerMention[], { read, tools }: RulesContext): boolean {
  const said = alone(read(rest, customers));
  return tools.some((tool) => recognized(tool, said).some((one) => one.whole === true));
}

function ownQuestion(
  rest: string,
  customers: CustomerMention[],
  call: LastCall,
  context: RulesContext,
): Input | null {
  const reading = recognized(call.tool, alone(context.read(rest, customers)))[0];
  return reading && reading.confidence >= SURE ? reading.input : null;
}

/** Whether the rest is a question for another tool; a bare name or period is none. */
function readAsOther({ rest }: Tied, customers: CustomerMention[], { read, tools }: RulesContext): boolean {
  const said = alone(read(rest, customers));
  const bare = said.customers.length > 0 && said.words.every((word) => FILL.has(word));
  if (bare) return false;
  return tools.some(
    (tool) => !takes(tool, 'metric') && recognized(tool, said).some(({ confidence }) => confidence >= SURE),
  );
}

const FILL: ReadonlySet<string> = new Set('not but for of the in at with no to and that it a'.split(' '));

/** What the words change, read as they would be said of the same metric in a question of its own. */
function deltaOf(
  utterance: Utterance,
  tied: Tied,
  customers: readonly CustomerMention[],
  call: LastCall,
  context: RulesContext,
): Input | null {
  const rest = tied.rest.replace(COMPARE_THAT, 'vs ');
  if (rest.trim() === '') return null;
  const subject = subjectOf(call.input);
  const named = rest === tied.rest ? customers : [];
  const shifted = named.map((mention) => moved(mention, subject.length + 1));
  const said = context.read(`${subject} ${rest}`, shifted);
  const reading = recognized(call.tool, alone(said)).find(({ input }) => input.metric === call.input.metric);
  if (!reading) return null;
  const { metric: _, ...read } = reading.input;
  // "Only the top 3" ranks what stands there; customers are meant where nothing does.
  const ranksAnew =
    read.by === 'customer' &&
    call.input.by !== undefined &&
    !/\b(?:customers?|accounts?|clients?|who)\b/i.test(rest);
  const { by: _by, ...ungrouped } = read;
  const delta: Input = ranksAnew ? ungrouped : read;
  const yearAgo = utterance.comparison ? comparedYearBefore(rest, call.input, utterance) : null;
  const period = yearAgo ? null : shiftedPeriod(rest, call.input, utterance, tied.same);
  const whole = {
    ...delta,
    ...(yearAgo ? { compare: yearAgo } : {}),
    ...(period ? (utterance.comparison ? { compare: period } : { period }) : {}),
  };
  if (yearAgo || (period && utterance.comparison)) Reflect.deleteProperty(whole, 'period');
  const understood = reading.confidence >= SURE && allRead(rest, said, delta, context);
  return understood ? whole : null;
}

const COMPARE_THAT =
  /^(?:(?:how does |and )?(?:that|it|this) compare|compare (?:that|it|this|them)?|compared)\s*(?:with|to|against|and|vs)\s+/i;

function moved(mention: CustomerMention, by: number): CustomerMention {
  return { ...mention, start: mention.start + by, end: mention.end + by };
}

function subjectOf({ metric }: Input): string {
  const known = findMetric(String(metric));
  return known?.synonyms[0] ?? String(metric).replaceAll('_', ' ');
}

/** No word is left that says something the reading does not: "and the weather in May" is not about May. */
function allRead(rest: string, said: Utterance, delta: Input, { lexicon }: RulesContext): boolean {
  if (NARROWING.some((field) => Object.keys(asRecord(delta[field])).length > 0)) return true;
  const offset = said.text.length - rest.length;
  const spans = [...said.periods, ...said.customers].map(
    ({ start, end }) => [start - offset, end - offset] as const,
  );
  const left = spans.reduce(
    (text, [start, end]) =>
      `${text.slice(0, Math.max(0, start))}${' '.repeat(Math.max(0, end - Math.max(0, start)))}${text.slice(end)}`,
    rest,
  );
  return toWords(left).every((word) => /\d/.test(word) || MODIFIERS.has(word) || lexicon.known.has(word));
}

const MODIFIERS: ReadonlySet<string> = new Set(
  'country countries region regions segment segments channel channels owner owners currency currencies plan tier chart graph plot table day days week weeks month months quarter year vs versus against compared split lowest highest biggest smallest'.split(
    ' ',
  ),
);
