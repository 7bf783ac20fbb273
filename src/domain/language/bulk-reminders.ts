import { narrowingOf } from '../metrics/narrowing.ts';
import { partsOf } from '../metrics/sentence-parts.ts';
import type { Json } from '../types.ts';
import { isPlainWord } from './lexicon.ts';
import { blanked } from './spans.ts';
import { findThresholds } from './thresholds.ts';
import type { Utterance } from './utterance.ts';

/** Whom a sentence wants reminded at once. */
export interface BulkReminders {
  input: { [key: string]: Json };
  /** "the 3 with the largest overdue invoices", "everybody at least 45 days late". */
  words: string;
  /** What of it was not understood: then nothing is begun. */
  unread: string[];
}

const VERB =
  /^(?:remind|nudge|chase|ping|dun|follow up with|send (?:out )?(?:payment )?reminders? (?:to|for)|send (?:a |the )?(?:payment )?reminders?)\b/;
const MYSELF = /^(?:remind|ping) (?:me|us|myself|ourselves)\b/;
const EVERYBODY =
  /\b(?:everyone|everybody|all|anyone|anybody|those|customers|accounts|clients|whoever|late payers|debtors)\b/;
const LATE =
  /\b(?:overdue|late|past due|unpaid|outstanding|owe|owes|owing|behind|invoices?|bills?|pay|paid|payments?|paying|payers|debtors)\b/;
const TOP =
  /\b(?:top|first|biggest|largest|oldest|worst|latest) (\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b|\b(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) (?:biggest|largest|oldest|worst|latest|most overdue)\b/;
const NUMBERS = 'two three four five six seven eight nine ten'.split(' ');
const BY_AGE = /\b(?:oldest|latest|most overdue|longest)\b/;
/** What may stand in such an order without narrowing it further. */
const FILLING = new Set(
  `remind nudge chase ping dun follow reminder reminders payment payments everyone everybody anyone anybody those customers customer
accounts account clients client late payers overdue unpaid outstanding invoices invoice bills bill due past owe owes owing behind pay paid
paying debtors by than being gentle friendly today asap kindly amount sum size debts debt money largest biggest oldest top worst latest
longest first days day weeks week months month except excluding who is are whos their them whoever still`.split(
    /\s+/,
  ),
);

/**
 * Reads an order (`order` is the message without its polite beginning) as one for several reminders at once; null
 * where it is for one customer, or none.
 */
export function bulkRemindersIn(utterance: Utterance, order: string): BulkReminders | null {
  if (!VERB.test(order) || MYSELF.test(order)) return null;
  const parts = partsOf(utterance, undefined);
  const top = topIn(order);
  // The ranking's own words stand apart from the rest: bounds are looked for in all of it but names and places.
  const text = blanked(utterance.text, [...utterance.customers, ...parts.traits]);
  const thresholds = findThresholds(text);
  const several = parts.customers.length > 1;
  const everybody = parts.customers.length === 0 && (EVERYBODY.test(order) || top !== null);
  const listed = listedBefore(utterance);
  const late = LATE.test(order) || thresholds.some(({ unit }) => unit === 'days') || listed !== null;
  if (!several && !everybody) return null;
  const days = thresholds.find(({ unit, op }) => unit === 'days' && (op === 'gt' || op === 'gte'));
  const unread = [
    ...(late ? [] : ['I can only remind customers about overdue invoices.']),
    ...thresholds.flatMap((one) => (one === days ? [] : [`I could not place "${one.text}".`])),
    ...parts.traits.flatMap(({ problem }) => problem ?? []),
    ...parts.periods.map(({ text: said }) => `I do not choose reminders by a period ("${said}").`),
    ...strangeWords(blanked(text, [...thresholds, ...parts.periods])),
  ];
  const { filter, where: lists, exclude } = narrowingOf({ ...parts, customers: [] }, undefined);
  const { plan, currency, ...traits } = { ...singles(record(filter)), ...record(lists) };
  if (plan !== undefined || currency !== undefined)
    unread.push('I choose reminders by customer, not by plan or currency.');
  const { customer: left, ...others } = record(exclude);
  if (Object.keys(others).length > 0) unread.push('I can leave out customers by name only.');
  const least = days ? (days.op === 'gt' ? Math.floor(days.value) + 1 : Math.ceil(days.value)) : null;
  // "The top 3" of a list are the first it showed.
  const byAge =
    BY_AGE.test(order) || (listed?.order === 'oldest' && !/\b(?:biggest|largest|worst)\b/.test(order));
  return {
    input: {
      ...(several
        ? { customers: parts.customers.map(({ customer, text: said }) => customer?.id ?? said) }
        : {}),
      ...(least === null ? {} : { minDaysLate: least }),
      ...(top === null ? {} : { top, ...(byAge ? { by: 'age' } : {}) }),
      ...(Object.keys(traits).length > 0 ? { where: traits } : {}),
      ...(left === undefined ? {} : { exclude: left }),
    },
    words: [
      several
        ? parts.customers.map(({ customer, text: said }) => customer?.name ?? said).join(' and ')
        : top === null
          ? 'everybody overdue'
          : `the ${top} with the ${byAge ? 'oldest' : 'largest'} overdue invoices`,
      ...(least === null ? [] : [`at least ${least} days late`]),
      ...parts.traits.filter(({ excluded }) => !excluded).map(({ label }) => `${label} only`),
      ...(parts.without.length > 0
        ? [`without ${parts.without.map(({ customer, text: said }) => customer?.name ?? said).join(' and ')}`]
        : []),
    ].join(', '),
    unread,
  };
}

/** The list of invoices the message follows, as it was asked for. */
function listedBefore({ previous }: Utterance): { [key: string]: Json } | null {
  const [latest] = previous;
  return latest?.listed.some(({ id }) => id.startsWith('in_')) ? record(latest.input) : null;
}

function topIn(order: string): number | null {
  const match = TOP.exec(order);
  const word = match?.[1] ?? match?.[2];
  if (word === undefined) return null;
  const index = NUMBERS.indexOf(word);
  return index < 0 ? Number(word) : index + 2;
}

function strangeWords(rest: string): string[] {
  const strange = rest
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(
      (word) =>
        word !== '' &&
        !/^\d+$/.test(word) &&
        !FILLING.has(word) &&
        !isPlainWord(word) &&
        !NUMBERS.includes(word),
    );
  return strange.length > 0 ? [`I do not know "${strange.join(' ')}" here.`] : [];
}

function record(value: Json | undefined): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function singles(filter: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(filter).map(([trait, value]) => [trait, [value]]));
}
