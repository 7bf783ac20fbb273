import type { Utterance } from '../../domain/language/utterance.ts';

/** What a message says beside the words that only tie it to what came before. */
export interface Tied {
  rest: string;
  /** Where the rest stands in the message. */
  at: number;
  /** "No, I meant ...": something in the question before was wrong. */
  corrects: boolean;
  /** "And ...", "what about ...", "just ...": the question before, with a difference. */
  continues: boolean;
  /** Tied so that even a question of its own goes on from the one before: "and refunds?", "sorry, gross". */
  strongly: boolean;
  /** "Same for ...", "the same but ...". */
  same: boolean;
}

const PUNCTUATION = /^[\s,.:;!\u2013\u2014-]+/;
const CORRECTS =
  /^(?:no+|nope|nah|sorry|oops|wait|actually|i mean|i meant|i['’]?m asking (?:about|for)|i said|i asked (?:about|for)|i wanted|i want|meant|rather|make (?:it|that)|change (?:it|that) to|switch to|let['’]?s (?:do|try|say|take)|correction|my bad|excuse me|instead)\b/i;
const SAME = /^(?:(?:the )?same (?:thing |question |number )?(?:again )?(?:for|but|with|in|by|as|of)?)\b/i;
const CONTINUES =
  /^(?:and|what about|how about|what of|but|also|now|then|so|ok(?:ay)?|only|just|with|for|show(?: me)?(?: that| it| this| them)?|give(?: me)? (?:that|it|this)|can (?:you|i) (?:show|see|get|have)(?: me)?(?: that| it| this)?|could you show(?: me)?(?: that| it| this)?|do (?:that|it|this)|put (?:that|it|this)|break (?:that|it|this) down|split (?:that|it|this)|please|pls)\b/i;
const STRONG = /^(?:and|what about|how about|what of|but|also)$/i;
const TRAILING =
  /[\s,]+(?:instead|please|pls|then|too|as well|though|rather|thanks|thank you|now|again)?[\s?.!,]*$/i;

/** Takes "no, I meant", "sorry", "and", "what about", "just" off the beginning, and "instead", "please" off the end. */
export function untie({ text }: Pick<Utterance, 'text'>): Tied {
  const tied: Tied = { rest: text, at: 0, corrects: false, continues: false, strongly: false, same: false };
  for (let left = true; left; ) {
    const gap = PUNCTUATION.exec(tied.rest);
    if (gap) drop(tied, gap[0].length);
    const same = SAME.exec(tied.rest);
    const corrects = CORRECTS.exec(tied.rest);
    const continues = CONTINUES.exec(tied.rest);
    const found = same ?? corrects ?? continues;
    left = found !== null && found[0].length > 0;
    if (found) drop(tied, found[0].length);
    if (same) tied.same = true;
    else if (corrects) tied.corrects = true;
    else if (continues) {
      tied.continues = true;
      if (STRONG.test(continues[0])) tied.strongly = true;
    }
  }
  if (/\binstead\b/i.test(tied.rest)) tied.corrects = true;
  if (tied.corrects || tied.same) tied.strongly = true;
  const shorter = tied.rest.replace(TRAILING, '');
  tied.rest = shorter === '' ? tied.rest.replace(/[\s?.!]+$/, '') : shorter;
  return tied;
}

function drop(tied: Tied, length: number): void {
  tied.rest = tied.rest.slice(length);
  tied.at += length;
}
