import type { CompanyWords } from './company-words.ts';
import { isPlainWord } from './lexicon.ts';

const OF_NAME = /\b(?:in|from|for|on|with|of)\s+(?:the )?(\p{Lu}\p{Ll}[\p{L}\p{N}&-]+)/u;
const OF_LAST =
  /\b(?:in|from|for|among)\s+(?:the )?([a-z][a-z-]{3,})(?: (?:inc|llc|ltd|gmbh|corp|plc|ag|sa|bv))?[\s?.!]*$/i;
/** What is owned may have been understood already, and be blank. */
const OWNED =
  /(?<![\p{L}\p{N}])([\p{L}][\p{L}\p{N}&-]{2,})['’]s(?:\s{2,}|\s*[?.!]*$|\s+(?:\p{L}+ ){0,3}?(?:mrr|arr|revenue|usage|calls|invoices?|bills?|payments?|tickets?|balance|plan|account|contract|subscription|spend|churn|refunds?|charges?|owner|status|history|numbers)\b)/iu;

/** What may come last after "in" or "for", or own something, without being a name. */
const HARMLESS = new Set(
  `detail details general total totals summary short finance board leadership reference context sure real fact mind
particular company business everyone everybody stripe slack supabase psizero psi growth terms words percent percentage
dollars money cash chart graph table today everything anything slides deck report update numbers value volume fees
euro euros pounds dollars yen standup meeting review investors comparison chartmogul baremetrics profitwell maxio
recurly chargebee paddle lago support sales marketing engineering legal accounting success onboarding production staging
today tomorrow yesterday customer client dispute disputes chargeback chargebacks bank statement journal ledger books
xero quickbooks`.split(/\s+/),
);

/**
 * A name that narrows the question and is nobody's we know ("Globex" in "mrr of Globex", "globex's invoices"), else
 * null. `rest` is the message without what was understood of it: an answer about everybody would be a wrong one.
 */
export function strangerIn(rest: string, known: CompanyWords | undefined): string | null {
  for (const pattern of [OWNED, OF_NAME, OF_LAST]) {
    const word = pattern.exec(rest)?.[1];
    if (word !== undefined && isStrange(word, known)) return word;
  }
  return null;
}

/** Whether a word is neither of the language, nor of the trade, nor a colleague's name. */
export function isStrange(word: string, known: CompanyWords | undefined): boolean {
  const lower = word.toLowerCase();
  const colleague = known?.members?.some(({ name }) => name.toLowerCase().split(/\s+/).includes(lower));
  return !HARMLESS.has(lower) && !isPlainWord(lower) && colleague !== true;
}
