import { PRESET_NAMES, type PresetName } from '../mrr/presets.ts';

const VENDORS = new RegExp(
  `\\b(${PRESET_NAMES.map((name) => (name === 'chartmogul' ? 'chart ?mogul' : name === 'profitwell' ? 'profit ?well' : name)).join('|')})(?:['’]?s)?\\b`,
  'gi',
);
const RULES =
  /\b(rules?|polic(?:y|ies)|definitions?|methods?|methodology|convention|way of counting|count(?:s|ed)? it)\b/i;
const UNDER = /\b(under|with|by|using|per|according to|in|the way)\s*$/i;

/** A sentence that asks for a number under a vendor's rules, and what is left of it without them. */
export interface RulesNamed {
  presets: readonly PresetName[];
  rest: string;
}

/**
 * The rule sets a sentence names, in its order: "nrr under chartmogul rules vs stripe", "mrr the baremetrics way".
 * Null where a vendor is named for something else ("stripe invoices").
 */
export function rulesNamed(text: string): RulesNamed | null {
  const named = [...text.matchAll(VENDORS)].flatMap((match) => {
    const word = (match[1] ?? '').toLowerCase().replace(' ', '');
    const preset = PRESET_NAMES.find((name) => name === word);
    return preset ? [{ preset, under: UNDER.test(text.slice(0, match.index)) }] : [];
  });
  const presets = [...new Set(named.map(({ preset }) => preset))];
  if (presets.length === 0) return null;
  const foreign = presets.some((preset) => preset !== 'stripe');
  const meant = RULES.test(text) || (foreign && (presets.length > 1 || named.some(({ under }) => under)));
  if (!meant) return null;
  const rest = text.replace(VENDORS, ' ').replace(new RegExp(RULES, 'gi'), ' ');
  return { presets, rest };
}

/** "ChartMogul's". */
export function ownersName(title: string): string {
  return title.endsWith('s') ? `${title}'` : `${title}'s`;
}
