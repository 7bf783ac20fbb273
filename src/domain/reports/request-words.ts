import { type WhenWords, whenIn } from './when-words.ts';

/** A wish for something to come again and again, taken apart. */
export interface ReportWish {
  /** What is to come, in the person's words: "churned customers by plan". Empty where they say nothing. */
  question: string;
  /** The words of the time, to be read again by whoever gets them. */
  when: string;
  /** `here`, `dm`, `#name`; null where nothing is said. */
  where: string | null;
  words: WhenWords;
}

const DELIVERING =
  /\b(?:drop|post|send|share|deliver|dm|push|schedule|ping|put|report|tell|give|show|update|get|want|need|set up|create|add|make|start|publish|message|mail)\b/i;
/** Verbs that are no question: with them a rhythm alone is enough. */
const SURELY =
  /\b(?:drop|post|send|share|deliver|dm|push|schedule|ping|set up|create|add|start|publish|subscribe)\b/i;
const PREFACE =
  /^(?:(?:hey|hi|psi|ok|okay|please|pls|kindly|also|and|then|now|so|just|can you|could you|would you|will you|i want(?: you)?(?: to)?|i['’]?d like(?: you)?(?: to)?|i would like(?: you)?(?: to)?|i need|we need|we want|let['’]?s|have|make sure to|to|get|us|me|go ahead and)\b[\s,]*)+/i;
const VERB =
  /^(?:drop|post|send|share|deliver|dm|push|schedule|ping|put|report|tell|give|show|update|set up|create|add|make|start|publish|message|mail)\b(?:\s+(?:me|us|over|everyone|everybody|the team|a message with|a report (?:of|on|about)|an update (?:on|about)|on|about|with))*\s*/i;
const CHANNEL = /\b(?:in|to|into|on)?\s*(?:the\s+)?(?<![\w&])#([\p{L}\p{N}_-]+)(?:\s+channel)?/iu;
const HERE =
  /\b(?:in(?:to)?\s+here|over here|right here|here|(?:in|to|into)\s+this\s+(?:channel|thread|dm|conversation))\b/i;
const TO_ME = /\b(?:(?:in|by|via|as)\s+(?:a\s+|my\s+)?(?:dm|direct message)|to\s+me|me|privately)\b/i;
const OTHERS = /\b(?:briefings?|morning (?:report|summary|update)|alerts?|remind(?:er)?s?|e-?mail)\b/i;
/** "Revenue for every month", "signups by day": a breakdown, no rhythm. */
const BREAKDOWN =
  /\b(?:for|by|per|(?<!\b(?:\d\w\w|first|last|day|end)\s)of)\s+(?:every|each)\s+(?:single\s+)?(?:day|week|month|quarter|year|morning|weekday)\b/i;
/** What is there already is moved or stopped, not made. */
const CHANGING =
  /^(?:move|change|reschedule|shift|make|switch|set|stop|pause|cancel|resume|end|delete|unschedule)\b/i;
/** A wish to have it: with a rhythm that is enough. */
const WISHED =
  /^(?:hey |hi |psi,? |ok |please )*(?:i|we)(?: would|['’]?d)? (?:want|need|like)\b(?!.*\b(?:know|see|understand)\b)/i;
const MAKING = /^set up\b/i;
const ASKING = /^(?:what|which|how|who|why|when|where|is|are|was|were|did|do|does|should)\b/i;

/** What a sentence wishes to come again and again; null where it wishes nothing of the kind. */
export function reportWishIn(text: string): ReportWish | null {
  const words = whenIn(text);
  if (OTHERS.test(text) || (words.impossible === null && BREAKDOWN.test(text))) return null;
  const rhythm = words.days ?? words.dayless ?? words.impossible;
  if (rhythm === null) return null;
  const bare = text.replace(PREFACE, '');
  // A channel named with a rhythm is a place for it to come to.
  const wished = WISHED.test(text) || CHANNEL.test(text);
  if (ASKING.test(bare) || (CHANGING.test(bare) && !MAKING.test(bare))) return null;
  if (!wished && !DELIVERING.test(bare)) return null;
  if (!wished && !SURELY.test(bare) && words.time === null) return null;
  const where = placeIn(text);
  return { question: questionIn(words), when: words.said, where, words };
}

/** `here`, `dm`, `#name`; null where no place is named. */
export function placeIn(text: string): string | null {
  const named = CHANNEL.exec(text)?.[1];
  if (named !== undefined) return `#${named}`;
  if (HERE.test(text)) return 'here';
  return TO_ME.test(text) || /^\W*(?:\S+\s+){0,3}dm\b/i.test(text) ? 'dm' : null;
}

function questionIn({ rest, impossible, dayless }: WhenWords): string {
  const without = [impossible, dayless].reduce<string>(
    (left, words) => (words ? left.replace(words, ' ') : left),
    rest,
  );
  return without
    .replace(CHANNEL, ' ')
    .replace(HERE, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[\s,;:-]+/, '')
    .replace(PREFACE, '')
    .replace(VERB, '')
    .replace(
      /\b(?:to me|(?:in|by|via|as) (?:a |my )?(?:dm|direct message)|privately|please|thanks?|thank you)\b/gi,
      ' ',
    )
    .replace(/^(?:the|our|a|an)\s+(?!numbers\b)/i, '')
    .replace(/\s+(?:reports?|updates?|summary|digest)$/i, '')
    .replace(/\s+/g, ' ')
    .replace(/(?:[\s,;:.!?-]|\b(?:at|on|in|to|and|with)\b)+$/gi, '')
    .trim();
}
