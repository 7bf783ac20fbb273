import { personOf } from '../language/person-names.ts';
import type { Utterance } from '../language/utterance.ts';
import { findPeriods } from '../periods/find-periods.ts';
import type { Json } from '../types.ts';
import type { Conditions } from './conditions.ts';
import { findMetric } from './index.ts';
import { metricHits } from './match.ts';
import type { NamedCustomer, SentenceParts } from './sentence-parts.ts';

function record(value: Json | undefined): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** In words: "Revenue, gross, Oct 1 - 31, 2026, against Sep 1 - 30, 2026, by plan, for Acme". */
export function interpret(
  metric: string,
  input: { [key: string]: Json },
  utterance: Utterance,
  parts: SentenceParts,
  conditions: Conditions | null,
): string {
  const words = [findMetric(metric)?.title ?? metric];
  const { nowAt, tz } = utterance;
  const label = (text: Json | undefined) =>
    typeof text === 'string' ? (findPeriods(text, { nowAt, tz })[0]?.period?.label ?? text) : '';
  if (input.period !== undefined) words.push(label(input.period));
  if (input.compare === 'previous') words.push('against the period before');
  else if (input.compare !== undefined) words.push(`against ${compareLabel(input.compare, label)}`);
  if (input.by !== undefined) words.push(`by ${String(input.by)}`);
  if (input.top !== undefined) words.push(`${input.order === 'asc' ? 'bottom' : 'top'} ${String(input.top)}`);
  if (input.rank !== undefined) words.push(`number ${String(input.rank)}`);
  for (const [trait, value] of Object.entries(record(input.filter)))
    words.push(trait === 'owner' ? `owner ${personOf(String(value))}` : `${String(value)} only`);
  for (const [trait, values] of Object.entries(record(input.where)))
    if (trait !== 'customer' && Array.isArray(values)) words.push(`${labelOf(parts, trait, values)} only`);
  for (const condition of conditions?.having ?? []) words.push(`with ${condition.words}`);
  if (parts.customers.length > 0 && findMetric(metric)?.narrows === false)
    words.push('of all customers together');
  else if (parts.customers.length > 0) words.push(`for ${parts.customers.map(nameOf).join(' and ')}`);
  words.push(...leftOut(input, parts));
  for (const { note } of parts.periods) if (note !== undefined) words.push(note);
  words.push(...mendedIn(metric, parts, utterance));
  return words.join(', ');
}

/** A comparison as it is echoed: the other period, or in words. */
export function compareLabel(compare: Json, label: (text: Json) => string): string {
  if (compare === 'last_year') return 'the same a year ago';
  const same = typeof compare === 'string' ? /^same_point last (\w+)$/.exec(compare)?.[1] : undefined;
  return same ? `the same point last ${same}` : label(compare);
}

/** "the EU" rather than its countries, where that is what was said. */
function labelOf(parts: SentenceParts, trait: string, values: readonly Json[]): string {
  const said = parts.traits.filter((mention) => mention.trait === trait && !mention.excluded);
  return said.length > 0 ? said.map((mention) => mention.label).join(' or ') : values.join(' or ');
}

function nameOf({ customer, text }: NamedCustomer): string {
  return customer?.name ?? text;
}

function leftOut(input: { [key: string]: Json }, parts: SentenceParts): string[] {
  const exclude = record(input.exclude);
  const names = [
    ...parts.without.map(nameOf),
    ...parts.traits.filter(({ excluded }) => excluded).map(({ label }) => label),
    ...(exclude.internal === true ? ['our own accounts'] : []),
  ];
  return names.length > 0 ? [`without ${names.join(' and ')}`] : [];
}

/** A word taken for another one is said, where it decided which number this is. */
function mendedIn(metric: string, parts: SentenceParts, { text }: Utterance): string[] {
  const hit = metricHits(parts.rest).find((one) => one.metric === metric && one.meant !== null);
  return hit ? [`"${text.slice(hit.start, hit.end)}" read as ${hit.meant}`] : [];
}
