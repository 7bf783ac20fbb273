import type { Utterance } from '../../domain/language/utterance.ts';
import type { Customer } from '../../domain/types.ts';
import { type Decision, MOST_PARTS, type PlannedCall, type RulesContext, toDecision } from './decision.ts';
import { takes } from './last-calls.ts';
import { alone, recognized } from './recognized.ts';

const SURE = 0.6;
const IN_ONE_LIST = /^\s*(?:,|&|and|,\s*and|or|vs\.?|versus|with|to|against)\s*(?:in |for )?$/i;

/** "Revenue in August, September and October": three periods and more are a number each; two are compared. */
export function acrossPeriods(utterance: Utterance, { read, tools }: RulesContext): Decision | null {
  const { periods, text, customers } = utterance;
  if (periods.length < 3 || periods.length > MOST_PARTS) return null;
  const gaps = periods.slice(1).map((period, index) => text.slice(periods[index]?.end ?? 0, period.start));
  if (!gaps.every((gap) => IN_ONE_LIST.test(gap))) return null;
  const [first, last] = [periods[0], periods.at(-1)];
  if (!first || !last || customers.some(({ start }) => start > first.start)) return null;
  const calls = periods.flatMap((period): PlannedCall[] => {
    const sentence = `${text.slice(0, first.start)}${period.text}${text.slice(last.end)}`;
    const said = alone(read(sentence, customers));
    const [best] = tools
      .filter((tool) => takes(tool, 'metric', 'period'))
      .flatMap((tool) => recognized(tool, said).map((reading) => ({ ...reading, tool })))
      .sort((a, b) => b.confidence - a.confidence);
    if (!best || best.confidence < SURE) return [];
    return [{ tool: best.tool.name, input: best.input, interpretation: best.interpretation }];
  });
  return calls.length === periods.length ? toDecision(calls) : null;
}

/** "MRR of Acme and Bolt": the one question, asked of each. Questions only; null where it is not about several. */
export function acrossCustomers(utterance: Utterance, context: RulesContext): Decision | null {
  const { customers, text } = utterance;
  const named = new Map(
    customers.flatMap(({ candidates }) => candidates.map((one) => [one.id, one] as const)),
  );
  if (named.size < 2 || named.size > MOST_PARTS || named.size !== customers.length) return null;
  if (
    /\b(?:not|except|without|excluding|instead of|rather than)\s*$/i.test(
      text.slice(0, customers[0]?.start ?? 0),
    )
  )
    return null;
  const first = Math.min(...customers.map(({ start }) => start));
  const last = Math.max(...customers.map(({ end }) => end));
  const inOneList = toGaps(utterance).every((gap) =>
    /^\s*(?:,|&|and|,\s*and|or|vs\.?|versus|with|to|against)\s*$/i.test(gap),
  );
  if (!inOneList || takesAll([...named.keys()], utterance, context)) return null;
  const calls = [...named.values()].map((customer) => callFor(customer, { first, last }, utterance, context));
  return calls.every((call) => call !== null) ? toDecision(calls.flatMap((call) => call ?? [])) : null;
}

/** Whether one look-up gives them side by side already. */
function takesAll(ids: readonly string[], utterance: Utterance, { tools }: RulesContext): boolean {
  const readings = tools.flatMap((tool) => recognized(tool, alone(utterance)));
  return readings.some(({ input, confidence }) => {
    const said = JSON.stringify(input);
    return confidence >= SURE && ids.every((id) => said.includes(JSON.stringify(id)));
  });
}

function toGaps({ customers, text }: Utterance): string[] {
  const inOrder = customers.toSorted((a, b) => a.start - b.start);
  return inOrder.slice(1).map((mention, index) => text.slice(inOrder[index]?.end ?? 0, mention.start));
}

/** The same sentence with one of them in the place of all. */
function callFor(
  customer: Customer,
  { first, last }: { first: number; last: number },
  { text }: Utterance,
  { read, tools }: RulesContext,
): PlannedCall | null {
  const { name } = customer;
  const mention = { start: first, end: first + name.length, text: name, candidates: [customer], score: 1 };
  const said = { ...read(`${text.slice(0, first)}${name}${text.slice(last)}`, [mention]), previous: [] };
  const [best] = tools
    .flatMap((tool) => recognized(tool, said).map((reading) => ({ ...reading, tool })))
    .sort((a, b) => b.confidence - a.confidence);
  if (!best || best.confidence < SURE || best.tool.effect !== 'read') return null;
  if (!takes(best.tool, 'customer') || best.input.customer === undefined) return null;
  const { compare: _, ...input } = best.input;
  return { tool: best.tool.name, input, interpretation: best.interpretation };
}
