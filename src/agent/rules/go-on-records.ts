import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import { type Decision, type PlannedCall, type RulesContext, toDecision } from './decision.ts';
import { describeInput } from './describe-input.ts';
import { changeOfRecords } from './follow-up.ts';
import { type LastCall, takes } from './last-calls.ts';
import type { Tied } from './markers.ts';
import { alone, recognized } from './recognized.ts';

const AGAIN =
  /^(?:(?:and|ok|please|psi|now) )*(?:again|same again|once more|one more time|rerun(?: (?:it|that))?|refresh(?: (?:it|that))?|run (?:it|that) again|do (?:it|that) again|ask (?:it|that) again|check again|try again|and now|update(?: (?:it|that))?|what is it now|whats it now)(?: please)?$/;
const COUNTED =
  /^(?:how (?:many|much)(?: (?:is|are) (?:that|it|they|those|there))?(?: in total)?|count (?:them|that|those)|(?:the )?total)$/;

/** "Again", "refresh", and "how many is that?" of a list: the same look-up, fresh. Never an action. */
export function again(utterance: Utterance, last: readonly LastCall[]): Decision | null {
  const phrase = utterance.words.join(' ');
  const counted = COUNTED.test(phrase) && last.every(({ tool }) => !takes(tool, 'metric'));
  if (!AGAIN.test(phrase) && !counted) return null;
  if (utterance.customers.length > 0 || utterance.periods.length > 0) return null;
  const calls = last.flatMap(({ tool, input }): PlannedCall[] =>
    tool.effect === 'read'
      ? [
          {
            tool: tool.name,
            input,
            interpretation: `The same again${suffix(describeInput(input, utterance))}`,
          },
        ]
      : [],
  );
  return toDecision(calls);
}

function suffix(words: string): string {
  return words === '' ? '' : `: ${words}`;
}

const SEVERAL =
  /^(?:(?:show|tell|give|open|list|me|us|about|details|of|on|for|and|what|the) )*(?:(first|last|top) (two|three|four|2|3|4)|(both)|all (two|three|four|of them|of those|of these))(?: (?:ones?|of them|of those|invoices|customers|payments|tickets|please))*$/;
const COUNTS: Record<string, number> = { two: 2, three: 3, four: 4 };
const MOST = 4;

/** "The last two", "both of them": each record of the list before, opened as "the second one" would be. */
export function listedOnes(utterance: Utterance, context: RulesContext): Decision | null {
  const match = SEVERAL.exec(utterance.words.join(' '));
  const listed = utterance.previous.find((call) => call.listed.length > 0)?.listed ?? [];
  if (!match || listed.length === 0) return null;
  const [, side, number, both, all] = match;
  const word = number ?? all ?? '';
  const wanted = both ? 2 : /of/.test(word) ? listed.length : (COUNTS[word] ?? Number(word));
  if (wanted > MOST || wanted > listed.length) {
    const text =
      wanted > MOST
        ? `That is ${listed.length} records; I open at most ${MOST} at a time. Say "the first three", or name one.`
        : `I listed only ${listed.length}.`;
    return { kind: 'say', text, suggestions: [] };
  }
  const from = side === 'last' ? listed.length - wanted : 0;
  const calls = Array.from({ length: wanted }, (_, index) =>
    openListed(from + index + 1, utterance, context),
  );
  return toDecision(calls.flatMap((call) => call ?? []));
}

function openListed(
  ordinal: number,
  utterance: Utterance,
  { tools, read }: RulesContext,
): PlannedCall | null {
  const one = { ...read('show me that one', []), previous: utterance.previous, ordinal, top: null };
  const readings = tools
    .filter(({ effect }) => effect === 'read')
    .flatMap((tool) => recognized(tool, one).map((reading) => ({ ...reading, tool })))
    .sort((a, b) => b.confidence - a.confidence);
  const [best] = readings;
  if (!best || best.confidence < 0.6) return null;
  return { tool: best.tool.name, input: best.input, interpretation: best.interpretation };
}

/** "Not Acme, Bolt" after records of Acme. */
export function oneCustomerInstead(utterance: Utterance, last: readonly LastCall[]): Decision | null {
  const excluded = utterance.customers.filter(({ start }) =>
    /\b(?:not|instead of|rather than)\s*$/i.test(utterance.text.slice(0, start)),
  );
  const meant = namedCustomer({
    customers: utterance.customers.filter((mention) => !excluded.includes(mention)),
  });
  if (excluded.length === 0 || !meant) return null;
  const calls = last.flatMap(({ tool, input }): PlannedCall[] => {
    if (!takes(tool, 'customer')) return [];
    const changed = { ...input, customer: meant.id };
    return [{ tool: tool.name, input: changed, interpretation: `The same, for ${meant.name}` }];
  });
  return toDecision(calls);
}

/** Lists and records: "no, I meant September", "sorry, Globex", "just the overdue ones". */
export function recordsGoOn(
  utterance: Utterance,
  tied: Tied,
  last: readonly LastCall[],
  { read, tools }: RulesContext,
): Decision | null {
  if (!tied.corrects && !tied.same) return null;
  const customers = utterance.customers
    .filter(({ start, end }) => start >= tied.at && end <= tied.at + tied.rest.length)
    .map((mention) => ({ ...mention, start: mention.start - tied.at, end: mention.end - tied.at }));
  const rest = { ...read(tied.rest, customers), previous: utterance.previous };
  const own = tools.flatMap((tool) => recognized(tool, alone(rest)).map((reading) => ({ tool, reading })));
  const bare = rest.words.length === 0;
  if (!bare && own.some(({ reading }) => reading.confidence >= 0.6)) return null;
  const calls = last.flatMap(({ tool, input }): PlannedCall[] => {
    if (takes(tool, 'metric') || tool.effect !== 'read') return [];
    const change = changeOfRecords(rest, tool, input);
    if (!change) return [];
    const changed = { ...input, ...change.input };
    return [{ tool: tool.name, input: changed, interpretation: `The same, ${change.words.join(', ')}` }];
  });
  return toDecision(calls);
}
