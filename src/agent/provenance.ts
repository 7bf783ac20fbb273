import { z } from 'zod';
import { extractFigures } from '../domain/language/figures.ts';
import type { Utterance } from '../domain/language/utterance.ts';
import type { Json, Money } from '../domain/types.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { CallRecord } from './state.ts';

/** Keys under which records carry what names them; anything else in a record may be a stranger's words. */
const NAMING_KEY = /^(?:id|number|name|customer|invoice|payment|subscription|\w+Id)$/;

/**
 * The arguments of a proposal that trace neither to the person's own words in this thread nor to records a tool
 * has read. Values of a closed list in the tool's schema need no trace.
 */
export function untraced(
  input: Json,
  tool: Pick<Tool, 'input'>,
  records: readonly CallRecord[],
  utterance: Utterance,
  own: { ownWords: readonly string[]; offered: readonly { input: { [key: string]: Json } }[] },
): string[] {
  const picked = own.offered.some((offer) => JSON.stringify(offer.input) === JSON.stringify(input));
  if (picked) return [];
  const words = normal(own.ownWords.join(' \n '));
  const names = trustedNames(records, utterance);
  const numbers = trustedNumbers(own.ownWords, records, utterance.amounts);
  const closed = closedValues(tool);
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

function trustedNames(records: readonly CallRecord[], utterance: Utterance): Set<string> {
  const names = new Set<string>();
  for (const mention of utterance.customers) {
    const [only, another] = mention.candidates;
    if (only && !another) for (const name of [only.id, only.name]) names.add(normal(name));
  }
  for (const call of utterance.previous) {
    for (const item of call.listed)
      for (const id of [item.id, item.customerId ?? item.id]) names.add(normal(id));
  }
  for (const record of records) {
    if (record.status !== 'done' || record.untrusted) continue;
    for (const { path, value } of leaves(record.output, '')) {
      if (typeof value === 'string' && NAMING_KEY.test(path.split('.').at(-1) ?? ''))
        names.add(normal(value));
    }
  }
  return names;
}

/** Numbers the person said, as said and in minor units, and money that records hold. */
function trustedNumbers(
  ownWords: readonly string[],
  records: readonly CallRecord[],
  amounts: readonly Money[],
) {
  const numbers = new Set<number>(amounts.map((amount) => amount.minor));
  for (const text of ownWords) for (const figure of extractFigures(text)) numbers.add(Math.abs(figure.value));
  for (const record of records) {
    if (record.status !== 'done' || record.untrusted) continue;
    for (const { path, value } of leaves(record.output, '')) {
      if (typeof value === 'number' && path.endsWith('minor')) numbers.add(value);
    }
    // Whole units as the records' own sentence shows them.
    for (const figure of extractFigures(record.narration)) numbers.add(Math.abs(figure.value));
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
