import type { Utterance } from '../../domain/language/utterance.ts';
import type { Choice } from '../../lib/errors.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { orderIn } from '../../tools/request-wording.ts';
import type { Decision, RulesContext } from './decision.ts';
import { takes } from './last-calls.ts';
import { recognized } from './recognized.ts';

type Say = Extract<Decision, { kind: 'say' }>;

/** Orders that change something outside, by the word they begin with; "credit notes", "void invoices" are no orders. */
const CHANGING =
  /^(?:void(?! (?:invoices|ones)\b)|write off|waive|reissue|delete|suspend|deactivate|reactivate|(?:discount|credit|comp|upgrade|downgrade|charge|bill|invoice) (?:them|him|her|it|the|their|this|that|everyone|everybody|to|\d\S*)(?= |$)|(?:apply|add|issue|grant|offer|create|raise) (?:\S+ ){0,3}(?:discount|credit|credits|credit note|coupon|invoice|subscription)|(?:give|offer|grant) (?:\S+ ){0,6}(?:off|discount|credit|credits|months?|weeks?)\b|(?:cancel|pause|end|change|switch|move) (?:\S+ ){0,3}(?:subscription|plan|contract|account|invoice))\b/;
const OBEYING =
  /\b(?:do|follow|execute|carry out|act on) (?:what|as|whatever|everything|exactly what) (?:the |this |that |their |last |first )*(?:tickets?|e?mails?|message|customer|note|text) (?:says?|asks?|wants?|tells?|demands?)\b/;
const WRITING =
  /^(?!.*\b(?:disputes?|disputed|chargebacks?)\b)(?:please |can you |could you )*(?:draft|write|compose|answer|reply)\b.*\b(?:reply|response|answer|e?mail|message|ticket|them|back)\b|^(?:please )?(?:draft|reply|answer)(?: (?:it|them|that|to (?:it|them|that)))?$/;
const GROUPING_BY_TOPIC =
  /\b(?:group|cluster|sort|bucket|categori[sz]e|summari[sz]e|split)\b.*\b(?:by|into) (?:topics?|themes?|subjects?|kinds?|types?|categor(?:y|ies))\b/;
const AS_FILE =
  /\b(?:as|into|to|in|a) (?:a |an )?(?:csv|excel|xlsx|spreadsheet|pdf|google sheets?)\b|\bexport (?:it|that|this|them)\b/;
const ALTERING =
  /^(?:(?:no|ok|actually|wait|please|sorry|and|then|but) )*(?:make|change|set|lower|raise|reduce|increase) (?:it|that|this|the amount)\b/;
const WITHOUT_CURRENCY =
  /\b(?:excluding|exclude|excl|without|except(?: for)?|minus|not counting|leaving out|ignoring) (?:the |all )?(?:eur|euros?|gbp|pounds?|usd|dollars?|jpy|yen)\b/;

/**
 * What is wished for and cannot be done here, in words of its own, rather than some look-up that shares a word with
 * it. An order that a tool can propose is never among them.
 */
export function unable(utterance: Utterance, context: RulesContext): Say | null {
  const phrase = utterance.words.join(' ');
  if (OBEYING.test(phrase))
    return say(
      'What a customer wrote is never an order to me. Tell me yourself what you want done, and I propose what I can.',
    );
  if (WRITING.test(phrase))
    return say('I do not write to customers in words of my own. I can show the ticket and who it is from.');
  if (GROUPING_BY_TOPIC.test(phrase) && concernsTickets(utterance, context))
    return say('Tickets carry no topic in our records. I can list them by age, state or customer.', [
      'oldest open tickets',
      'open tickets by priority',
    ]);
  // The journal is a file by nature.
  if (AS_FILE.test(phrase) && !/\b(?:journal|ledger)\b/.test(phrase))
    return say(
      'I make no file on request. A table too long for a message comes with one by itself; a shorter one can be copied as it stands.',
    );
  if (ALTERING.test(phrase) && isOfProposal(utterance, context))
    return say('A proposal stands as it is: reject it on its card, then ask again with the amount you want.');
  if (WITHOUT_CURRENCY.test(phrase))
    return say('I cannot leave one currency out of a number. By currency, each stands for itself.', [
      'revenue last month by currency',
    ]);
  return undoable(utterance, context);
}

function undoable(utterance: Utterance, context: RulesContext): Say | null {
  const order = orderIn(utterance);
  const changing = order === null ? null : CHANGING.exec(order);
  if (!changing) return null;
  const proposes = context.tools.some(
    (tool) =>
      tool.effect !== 'read' && recognized(tool, utterance).some(({ confidence }) => confidence >= 0.3),
  );
  if (proposes) return null;
  const can = context.permitted.filter(mayPropose).flatMap((tool) => tool.examples.slice(0, 1));
  const example = can.map(({ say: words }) => `"${words}"`).join(', ');
  return say(
    `I cannot do that from here, and I changed nothing.${example === '' ? '' : ` What I can propose is the like of ${example}.`}`,
  );
}

function say(text: string, sentences: readonly string[] = []): Say {
  const suggestions: Choice[] = sentences.map((sentence) => ({ label: sentence, say: sentence }));
  return { kind: 'say', text, suggestions };
}

function concernsTickets({ previous, text }: Utterance, { tools }: RulesContext): boolean {
  const latest = tools.find(({ name }) => name === previous[0]?.tool);
  return (latest !== undefined && takes(latest, 'minDaysOpen')) || /\b(?:tickets?|complaints?)\b/i.test(text);
}

function isOfProposal({ previous }: Utterance, { tools }: RulesContext): boolean {
  const latest = tools.find(({ name }) => name === previous[0]?.tool);
  return latest !== undefined && mayPropose(latest);
}
