import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import type { Json } from '../../domain/types.ts';
import { orderIn } from '../request-wording.ts';

const ORDER =
  /^(?:upgrade|downgrade|(?:put|move|switch|change|bump|set|bring)\b.*\b(?:on|to|onto|seats?|units?)\b)/;
const NOW = /\b(?:now|immediately|right away|at once|today)\b/;
const LATER =
  /\b(?:next (?:month|period|cycle|year|renewal|invoice)|at (?:the )?renewal|end of (?:the|this) (?:month|period))\b/;
const QUANTITY = /\b(\d{1,5}) (?:seats?|units?|licen[cs]es?)\b/;
/** Plans of which the records do not tell yet are taken by their place in the sentence. */
const PLACE = /\b(?:on|to|onto) (?:the )?([a-z][\w-]*)(?: plan)?\b/g;
const NO_PLAN = new Set([
  'a',
  'an',
  'the',
  'their',
  'them',
  'next',
  'balance',
  'account',
  'card',
  'hold',
  'me',
]);

/** "put acme on scale from next month", "change acme to 5 seats now". */
export function readPlanChange(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order) || /\b(?:credits?|coupon|alert|report|briefing)\b/.test(order))
    return [];
  const plan = planIn(order, utterance.known?.plans ?? []);
  const quantity = QUANTITY.exec(order)?.[1];
  const customer = namedCustomer(utterance);
  if (plan === null && quantity === undefined) return [];
  const known = plan !== null && (utterance.known?.plans ?? []).some((one) => one.toLowerCase() === plan);
  // Without a customer or a plan that exists, "move x to y" may mean anything.
  if (customer === null) {
    return known ? [{ input: {}, confidence: 0.5, interpretation: "Change a customer's plan" }] : [];
  }
  const when = NOW.test(order) ? 'now' : LATER.test(order) ? 'next_period' : null;
  const input: { [key: string]: Json } = {
    customer: customer.id,
    ...(plan === null ? {} : { plan }),
    ...(quantity === undefined ? {} : { quantity: Number(quantity) }),
    ...(when === null ? {} : { when }),
  };
  const what = [quantity === undefined ? null : `${quantity} units`, plan].filter((one) => one !== null);
  const sure = known || /^(?:up|down)grade/.test(order) || quantity !== undefined || / plan\b/.test(order);
  return [
    {
      input,
      confidence: sure ? 0.9 : 0.65,
      interpretation: `Change ${customer.name} to ${what.join(' of ')}${when === 'now' ? ' now' : ' from the next period'}`,
    },
  ];
}

function planIn(order: string, known: readonly string[]): string | null {
  const named = known.map((one) => one.toLowerCase()).find((one) => ` ${order} `.includes(` ${one} `));
  if (named !== undefined) return named;
  const places = [...order.matchAll(PLACE)].flatMap((match) => match[1] ?? []);
  return places.find((word) => !NO_PLAN.has(word)) ?? null;
}
