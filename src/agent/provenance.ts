import { z } from 'zod';
import { extractFigures } from '../domain/language/figures.ts';
import type { Utterance } from '../domain/language/utterance.ts';
import { exponentOf } from '../domain/money/exponents.ts';
import type { Json, Money } from '../domain/types.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { CallRecord } from './state.ts';

/** Keys under which records carry what names them; anything else in a record may be a stranger's words. */
const NAMING_KEY = /^(?:id|number|name|customer|invoice|payment|subscription|\w+Id)$/;
/**
 * The arguments of a proposal that trace neither to the person's own words in this thread nor to records of the
 * customer those words name: a model that chose whose payment to look up has not thereby been asked to refund
 * it. Values of a closed list in the tool's schema need no trace.
 */
export function untraced(
  input: Json,
  tool: Pick<Tool, 'input'>,
  records: readonly CallRecord[],
  utterance: Utterance,
  own: { ownWords: readonly string[]; offered: readonly { input: { [key: string]: Json } }[] },
  /** Values of lists that are closed elsewhere: the names of skills. */
  alsoClosed: readonly string[] = [],
): string[] {
  const picked = own.offered.some((offer) => JSON.stringify(offer.input) === JSON.stringify(input));
  if (picked) return [];
  const words = normal(own.ownWords.join(' \n '));
  const about = rowsAbout(records, utterance);
  const names = trustedNames(about, utterance);
  const numbers = trustedNumbers(own.ownWords, about, utterance.amounts);
  const closed = closedValues(tool);
  for (const value of alsoClosed) closed.add(JSON.stringify(value));
  const strange: string[] = [];
  for (const { path, value } of leaves(input, '')) {
    if (closed.has(JSON.stringify(value)) || value === null || typeof value === 'boolean') continue;
    if (typeof value === 'number') {
      if (!numbers.has(value)) strange.push(`"${path}"`);
    } else if (
      !names.has(normal(value)) &&
      !standsIn(words, normal(value)) &&
      !numbers.has(Number(value || 'x'))
    ) {
      strange.push(`"${path}"`);
    }
  }
  return strange;
}

type Row = { [key: string]: Json };

/** The customers a message is about: those it names beyond doubt; without any, those of the answer before it. */
function customersMeant(utterance: Utterance): Set<string> {
  const named = utterance.customers.flatMap((mention) => {
    const [only, another] = mention.candidates;
    return only && !another ? [only.id] : [];
  });
  if (utterance.customers.length > 0) return new Set(named);
  return new Set(newestListed(utterance).flatMap((item) => item.customerId ?? []));
}

function newestListed(utterance: Utterance) {
  return utterance.previous.find((call) => call.listed.length > 0)?.listed ?? [];
}

/** Rows that tools read in this turn, not written by outsiders, and that belong to a customer who is meant. */
function rowsAbout(records: readonly CallRecord[], utterance: Utterance): Row[] {
  const meant = customersMeant(utterance);
  return records.flatMap((record) =>
    record.status === 'done' && !record.untrusted ? rowsOf(record.output, meant, false) : [],
  );
}

function rowsOf(value: Json, meant: ReadonlySet<string>, inherited: boolean): Row[] {
  if (Array.isArray(value)) return value.flatMap((item) => rowsOf(item, meant, inherited));
  if (value === null || typeof value !== 'object') return [];
  const whose = value.customerId ?? value.id;
  const belongs =
    typeof value.customerId === 'string'
      ? meant.has(value.customerId)
      : inherited || (typeof whose === 'string' && meant.has(whose));
  const inner = Object.values(value).flatMap((part) => rowsOf(part, meant, belongs));
  return belongs ? [value, ...inner] : inner;
}

function trustedNames(rows: readonly Row[], utterance: Utterance): Set<string> {
  const names = new Set<string>();
  for (const mention of utterance.customers) {
    const [only, another] = mention.candidates;
    if (only && !another) for (const name of [only.id, only.name]) names.add(normal(name));
  }
  const meant = customersMeant(utterance);
  for (const item of utterance.previous.flatMap((call) => call.listed)) {
    const whose = item.customerId ?? item.id;
    if (utterance.customers.length > 0 && !meant.has(whose)) continue;
    for (const id of [item.id, whose]) names.add(normal(id));
  }
  for (const [key, value] of rows.flatMap((row) => Object.entries(row))) {
    if (typeof value === 'string' && NAMING_KEY.test(key)) names.add(normal(value));
  }
  return names;
}

/** Numbers the person said; where they named no amount, also the money in the rows meant. Major and minor units. */
function trustedNumbers(ownWords: readonly string[], rows: readonly Row[], amounts: readonly Money[]) {
  const numbers = new Set<number>(amounts.map((amount) => amount.minor));
  for (const text of ownWords) for (const figure of extractFigures(text)) numbers.add(Math.abs(figure.value));
  if (amounts.length > 0) return numbers;
  for (const { minor, currency } of rows) {
    if (typeof minor !== 'number' || typeof currency !== 'string') continue;
    numbers.add(minor);
    numbers.add(minor / 10 ** exponentOf(currency));
  }
  return numbers;
}

/** Enum members and constants anywhere in the tool's schema, currencies of the amount among them. */
function closedValues(tool: Pick<Tool, 'input'>): Set<string> {
  const values = new Set<string>(['"USD"', '"EUR"', '"JPY"', '"GBP"']);
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) walk(item);
    else if (node !== null && typeof node === 'object') {
      for (const [key, value] of Object.entries(node)) {
        if (key === 'enum' && Array.isArray(value))
          for (const item of value) values.add(JSON.stringify(item));
        else if (key === 'const' || key === 'default') values.add(JSON.stringify(value));
        else walk(value);
      }
    }
  };
  walk(z.toJSONSchema(tool.input, { io: 'input' }));
  return values;
}

function* leaves(
  value: Json,
  path: string,
): Generator<{ path: string; value: null | boolean | number | string }> {
  if (Array.isArray(value)) for (const item of value) yield* leaves(item, path);
  else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value))
      yield* leaves(part, path === '' ? key : `${path}.${key}`);
  } else yield { path, value };
}

function normal(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[’`]/g, "'").replace(/\s+/g, ' ').trim();
}

/** As whole words: "a" is not traced by any sentence that has an a in it. */
function standsIn(words: string, value: string): boolean {
  if (value.length < 2) return false;
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'u').test(words);
}
