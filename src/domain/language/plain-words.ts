import type { CustomerMention } from '../ports.ts';
import { type Lexicon, mend } from './lexicon.ts';

/** What people write short, written out. */
const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    tix: 'tickets',
    tkt: 'ticket',
    tkts: 'tickets',
    rev: 'revenue',
    revs: 'revenue',
    biz: 'business',
    avg: 'average',
    ave: 'average',
    cust: 'customer',
    custs: 'customers',
    acct: 'account',
    accts: 'accounts',
    inv: 'invoice',
    invs: 'invoices',
    pmt: 'payment',
    pmts: 'payments',
    pymt: 'payment',
    pymts: 'payments',
    txns: 'payments',
    qtr: 'quarter',
    qtrs: 'quarters',
    yr: 'year',
    yrs: 'years',
    wk: 'week',
    wks: 'weeks',
    mth: 'month',
    mths: 'months',
    mnth: 'month',
    yday: 'yesterday',
    yest: 'yesterday',
    ystd: 'yesterday',
    tmrw: 'tomorrow',
    tmr: 'tomorrow',
    tmw: 'tomorrow',
    lst: 'last',
    u: 'you',
    ur: 'your',
    r: 'are',
    wat: 'what',
    wut: 'what',
    wats: 'whats',
    whts: 'whats',
    wht: 'what',
    hw: 'how',
    calc: 'calculate',
    calcs: 'calculates',
    calced: 'calculated',
    calculatd: 'calculated',
    def: 'definition',
    defn: 'definition',
    conv: 'conversion',
    cvr: 'conversion rate',
    resp: 'response',
    ppl: 'people',
    msg: 'message',
    msgs: 'messages',
    dont: "don't",
    subs: 'subscriptions',
    num: 'number',
    nbr: 'number',
    pct: 'percent',
    perc: 'percent',
    til: 'until',
    till: 'until',
    reqs: 'requests',
    errs: 'errors',
    sched: 'schedule',
    prev: 'previous',
    prob: 'problem',
    expt: 'except',
  }),
);

const TOKEN = /(?<![\p{L}\p{N}#@/._:-])\p{L}[\p{L}]*(?![\p{L}\p{N}@/_]|[.:-]\p{L}|['’])/gu;
const SYMBOLS: readonly [RegExp, string][] = [
  [/(?<![\p{L}\p{N}])#\s*of\b/giu, 'number of'],
  [/\b(what|which)\s*%\s*of\b/gi, '$1 percent of'],
  [/(?<![\p{L}\p{N}.])%\s*of\b(?=\s+[\p{L}])/giu, 'percent of'],
  [/\bw\/o\b/gi, 'without'],
  [/\bw\/(?=\s)/gi, 'with'],
  [/^y\s+(?=is|are|was|were|did|do|does)/i, 'why '],
  [/(?<=\s)&(?=\s)/g, 'and'],
];

export interface PlainWords {
  text: string;
  customers: CustomerMention[];
}

/**
 * The message with its short forms written out and its misspelt words mended, names left as they are; the mentions
 * with their places in it. What is plain already comes back as it was.
 */
export function inPlainWords(
  text: string,
  customers: readonly CustomerMention[],
  lexicon: Lexicon,
): PlainWords {
  const inOrder = customers.toSorted((a, b) => a.start - b.start);
  const moved: CustomerMention[] = [];
  let written = '';
  let at = 0;
  for (const mention of inOrder) {
    if (mention.start < at) continue;
    written += plain(text.slice(at, mention.start), lexicon, at === 0);
    const start = written.length;
    written += text.slice(mention.start, mention.end);
    moved.push({ ...mention, start, end: written.length });
    at = mention.end;
  }
  return { text: written + plain(text.slice(at), lexicon, at === 0), customers: moved };
}

function plain(piece: string, lexicon: Lexicon, begins: boolean): string {
  const spelt = SYMBOLS.reduce((text, [pattern, words]) => text.replace(pattern, words), piece);
  return spelt.replace(TOKEN, (word: string, at: number) => {
    const lower = word.toLowerCase();
    const short = SHORT.get(lower);
    if (short !== undefined) return short;
    // A capital within a sentence is a name, unless all of it shouts.
    const isName = /^\p{Lu}\p{Ll}/u.test(word) && !(begins && at === 0);
    if (isName || lower.length < 4) return word;
    const mended = mend(lower, lexicon);
    return mended === lower ? word : mended;
  });
}
