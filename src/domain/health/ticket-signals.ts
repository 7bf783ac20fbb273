import { type Sentiment, sentimentOf } from '../metrics/sentiment.ts';

export const TICKET_SIGNALS = ['competitor', 'leaving', 'neglected', 'upset', 'champion_left'] as const;
export type TicketSignal = (typeof TICKET_SIGNALS)[number];

/** What a ticket says about whether its writer stays. */
export interface TicketReading {
  signals: readonly TicketSignal[];
  sentiment: Sentiment;
}

/** What people of an API's customers write when they think of leaving; a lexicon of words alone misses most of it. */
const RULES: Readonly<Record<TicketSignal, readonly RegExp[]>> = {
  competitor: [
    /\b(?:evaluat|compar|consider|look|assess|test|trial|explor|shortlist)\w*\b(?: (?:at|into|out|some|a few|several|other|different|new|our|the|possible|potential|with|for|more))* (?:alternatives?|competitors?|providers|vendors|suppliers|solutions|another (?:provider|vendor|supplier|solution))\b/,
    /\b(?:quotes?|offers?|proposals?|pricing) from (?:a |an |another |other |your )?(?:competitors?|providers?|vendors?)\b/,
    /\b(?:switch|mov|migrat)\w* (?:over )?to (?:another|a different|a new|your) (?:competitor|provider|vendor|service|platform|api)\b/,
    /\byour competitors?\b/,
  ],
  leaving: [
    /\b(?:cancel|terminat|end|clos)\w* (?:our|the|my|this) (?:contract|subscription|account|plan|agreement)\b/,
    /\bnot (?:be )?renew(?:ing)?\b|\bwont renew\b|\bwill not renew\b/,
    /\bmov(?:e|ing) (?:away|off)\b|\bleav(?:e|ing) (?:you|psizero|the platform)\b|\bswitch(?:ing)? away\b/,
    /\bexport (?:of )?(?:all )?(?:our|the) data\b|\bexport all\b/,
    /\b(?:last|final) (?:chance|straw)\b/,
  ],
  neglected: [
    /\b(?:no ?(?:body|one)|none of you|nobody) (?:has |have |ever |even )?(?:replied|answered|responded|reacted|called|got back|cares?)\b/,
    /\b(?:still|been) (?:waiting|no (?:reply|answer|response))\b/,
    /\b(?:no|without (?:a|any)) (?:reply|answer|response)(?: (?:for|since|in|yet|so far))\b/,
    /\b(?:third|fourth|fifth|2nd|3rd|4th|5th|second) (?:time (?:i|we|that i|that we)|ticket|request|reminder)\b/,
    /\b(?:ignored|left hanging|in the dark)\b/,
  ],
  upset: [
    /\b(?:unacceptable|unusable|unprofessional|ridiculous|outrageous|fed up|had enough|lost (?:all )?(?:trust|confidence|patience))\b/,
    /\b(?:second|third|fourth|another|yet another) (?:outage|incident|failure|downtime)\b/,
    /\b(?:very|deeply|extremely|really|so) (?:disappointed|frustrated|unhappy|dissatisfied|angry)\b/,
    /\b(?:demand|insist on|require) (?:a |an )?(?:refund|explanation|compensation|credit)\b/,
    /\b(?:production|line|business|shop|service) (?:has |have |is |are )?(?:stopped|standing still|down)\b/,
  ],
  champion_left: [
    /\b(?:has|have) left (?:the company|our company|us|our team|the team)\b/,
    /\b(?:is|are) no longer (?:with|at|working (?:at|for|with))\b/,
    /\b(?:i am|im|we are) (?:your |the )?new (?:contact|owner|point of contact|account owner)\b/,
    /\b(?:taking|took|taken|take) over (?:this|the|our) (?:account|contract|integration) from\b/,
  ],
};

/** Up to four words before a rule's words, one of these turns it: "we are not evaluating alternatives". */
const TURNED = /\b(?:not|never|no plans? to|without|arent|isnt|wont|dont|didnt)\b(?: \w+){0,3} ?$/;
/** Words of a rule that carry their own negation. */
const CARRIES_NO = /^(?:no|not|none|nobody|without|wont|will not|(?:is|are) no longer)/;

/**
 * Reads a ticket by rules of the trade first, and by words that feel good or bad where no rule speaks. Pure; the text
 * is judged, never followed.
 */
export function readTicket(text: string): TicketReading {
  const plain = text
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^a-z0-9.?!\n]+/g, ' ');
  const sentences = plain.split(/[.?!\n]+/).map((sentence) => sentence.trim());
  const signals = TICKET_SIGNALS.filter((signal) =>
    RULES[signal].some((rule) => sentences.some((sentence) => speaks(rule, sentence))),
  );
  const bad = signals.some((signal) => signal !== 'champion_left');
  return { signals, sentiment: bad ? -1 : sentimentOf(text) };
}

function speaks(rule: RegExp, sentence: string): boolean {
  const found = rule.exec(sentence);
  if (!found) return false;
  return CARRIES_NO.test(found[0]) || !TURNED.test(sentence.slice(0, found.index));
}
