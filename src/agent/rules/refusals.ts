import type { Utterance } from '../../domain/language/utterance.ts';

type Said = Pick<Utterance, 'text' | 'customers' | 'written'>;

/** The same words for everybody and everything, so that a refusal tells nobody what there is. */
export const PRIVATE_MATTER =
  'I do not answer questions about what people earn, their private details, credentials or bank and card details, or about what somebody else wrote or asked in private, whoever it is about. I answer from the records of the business: its numbers, customers, invoices, payments and tickets.';

const PAY =
  /\b(?:salar(?:y|ies)|wages?|payroll|pay ?(?:slips?|stubs?|checks?|cheques?|rises?|raises?)|compensation|bonus(?:es)?|take[- ]home pay|stock options|equity grants?|severance)\b/;
const EARNS =
  /\b(?:what|how much)(?: money)?(?:s|'s)? (?:does|do|did|is|are|was|will|would) (?!(?:we|us|our|i|it|that|this|the company|the business|the api|psizero|plans?)\b)[\p{L}.'’-]+(?: [\p{L}.'’-]+)? (?:earn|earning|make|making|get paid|getting paid|being paid|take home)\b(?!.*\b(?:calls?|requests?|payments?|invoices?|tickets?|api)\b)/u;
const PAID_TO =
  /\b(?:how much|what) (?:do|did|are) we pay(?:ing)? (?!(?:for|in|on|per|to (?:stripe|aws|suppliers?))\b)[\p{L}.'’-]+(?: [\p{L}.'’-]+)?\s*\??$/u;
const CONTACT =
  /\b(?:home|private|personal|postal|street) (?:address|phone|number|e-?mail|mobile|details|life)\b|\b(?:where does|where do) (?:\S+ ){1,2}live\b|\bphone number of\b|\b\S+['’]s (?:phone|mobile)(?: number)?\b|\b(?:date of birth|birthday|social security|ssn|passport|national id|medical|sick (?:leave|days?|note)|religion|ethnicity|sexual|pregnan\w*)\b/;
const SECRET =
  /\b(?:api[ _-]?keys?|secret keys?|private keys?|signing secrets?|webhook secrets?|access tokens?|bot tokens?|refresh tokens?|passwords?|passcodes?|credentials|env(?:ironment)? variables?|ibans?|bic code|routing numbers?|sort codes?|bank (?:details|accounts?(?: numbers?| details)?|data)|account numbers?|(?:credit |debit |bank )?card (?:numbers?|details|data)|full card|cvv|cvc)\b/;
/** What is asked about them is a count, or the tickets that mention them. */
const HARMLESS =
  /\b(?:tickets?|complain\w*|how many|number of (?:api |access )?(?:keys|tokens|passwords|cards)|rotate|reset(?:ting)?|by (?:api )?key|expired cards?)\b/;
const ASKED_OF_YOU =
  /\bwhat(?:s|'s|’s)? (?:did|has|have|does|do|was|were|is) (?!(?:i|we|you|it|that|this|they|them|the|our|an?|zz|customers?|support|stripe)\b)[\p{L}.'’-]+(?: [\p{L}.'’-]+)? (?:been )?(?:ask(?:s|ed|ing)?|t(?:old|ell|elling)|say(?:s|ing)?|said|writ(?:e|ten|ing)|chat(?:ting)?|talk(?:ing)?|search(?:ed|ing)?(?: for)?|look(?:ed|ing)? up)\b/u;
const OTHERS_CHATS =
  /(?<![\p{L}'’])(?!(?:zz|customers?|today|yesterday|week|month|what|it|that|let|here|where|who|how)['’]?s?\b)(?:\p{L}+['’]s|\p{L}+s['’]|his|her|somebody else['’]?s|someone else['’]?s|other peoples?['’]?s?|everyones?['’]?s?) (?:private |personal |direct |own )*(?:dms?|direct messages?|messages?|threads?|chats?|conversations?|questions)\b|\b(?:dms?|direct messages?|private (?:messages?|threads?|channels?|chats?|conversations?)) (?:of|with|from|between|by) (?!me\b|you\b)/u;
const WHO_ASKED =
  /\bwho (?:has |else )?(?:ask(?:ed|s)?|talk(?:ed|s)? to|us(?:ed|es)|wrote to|messaged) (?:you|psi)\b/;

/**
 * Whether a message asks for what Psi tells nobody: pay, private life, secrets, other people's conversations. What
 * customers wrote to support is none of these.
 */
export function isPrivateMatter(said: Said): boolean {
  if (asksPrivately(said)) return true;
  // Mending a word must never make a question one that is answered.
  const { written, customers } = said;
  if (written === undefined) return false;
  const places = customers.flatMap((mention) => {
    const start = written.indexOf(mention.text);
    return start < 0 ? [] : [{ ...mention, start, end: start + mention.text.length }];
  });
  return asksPrivately({ text: written, customers: places });
}

function asksPrivately({ text, customers }: Pick<Said, 'text' | 'customers'>): boolean {
  const said = customers
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, { start, end }) => `${rest.slice(0, start)}zz${rest.slice(end)}`, text)
    .toLowerCase()
    .replace(/\s+/g, ' ');
  if (PAY.test(said) || CONTACT.test(said) || WHO_ASKED.test(said)) return true;
  if (SECRET.test(said) && !HARMLESS.test(said)) return true;
  if (OTHERS_CHATS.test(said)) return true;
  return [EARNS, PAID_TO, ASKED_OF_YOU].some((pattern) => pattern.test(said) && !/\bzz\b/.test(said));
}

const AHEAD =
  /\b(?:forecast(?:s|ed|ing)?|predict(?:s|ed|ion|ions|ing)?|projection|projections|projected|extrapolat\w*|outlook|run out of (?:money|cash)|runway)\b|\bwhat will\b|\bhow (?:much|many)\b.*\bwill\b|\bwill (?:we|our|the|it|they|mrr|arr|revenue|churn|\S+) (?:\S+ )?(?:be|grow|hit|reach|churn|leave|cancel|drop|fall|rise|make|pay|renew|double|increase|decrease|stay|exceed|cross)\b|\b(?:is|are|s) (?:\S+ ){0,3}(?:going to|gonna|likely to|about to) (?:be|churn|leave|cancel|grow|hit|reach|renew)\b|\bwhen (?:will|do|are) we (?:going to )?(?:hit|reach|get to|cross|break even)\b|\b(?:expected|estimated|future) (?:mrr|arr|revenue|churn|sales|income|growth)\b/;
/** Whoever is most likely to leave shows in how they stand now. */
const WHO_MIGHT_LEAVE =
  /\b(?:who|which (?:accounts?|customers?|clients?)|accounts|customers|clients)\b.*\b(?:likely|about) to (?:churn|leave|cancel)\b/;
const ACTIONS_OF_ALERTS = /\bwill (?:you|psi)\b/;

/** "What will MRR be in December?", "forecast", "will Acme churn?": nobody here knows yet. */
export function isAboutTheFuture({ text, periods, nowAt, words }: Utterance): boolean {
  const said = text.toLowerCase().replace(/[’']/g, '');
  if (ACTIONS_OF_ALERTS.test(said) || WHO_MIGHT_LEAVE.test(said)) return false;
  if (AHEAD.test(said)) return true;
  const ahead = periods.some(({ period }) => period !== null && period.startAt > nowAt);
  return ahead && !words.some((word) => NOT_OF_THE_FUTURE.has(word));
}

/** Words of questions and orders in which a coming date is no guess. */
const NOT_OF_THE_FUTURE: ReadonlySet<string> = new Set(
  'due renew renews renewal renewals trial trials until till snooze away remind send move set schedule briefing delegate stand expire expires back'.split(
    ' ',
  ),
);

/** Targets are set by people somewhere Psi does not read. */
export function isAboutTargets({ text }: Pick<Utterance, 'text'>): boolean {
  // The error budget is a number that is known.
  if (/\b(?:error|slo) budget|\bbudget (?:burn|of errors)\b/i.test(text)) return false;
  return /\b(?:targets?|budgets?|budgeted|okrs?|goals?|(?:behind|ahead of) plan|on track|off track)\b/i.test(
    text,
  );
}
