import type { BillingCase } from './file.ts';

/** How the sources word what we refuse, each word under the reasons it may stand for. */
const ERROR_WORDS: Readonly<Record<string, RegExp>> = {
  exceeds_creditable: /^total_amount_exceeds_invoice_amount$|exceed|higher than/i,
  refund_exceeds_paid: /refund.*(?:exceed|higher)|exceed.*(?:refund|paid)/i,
  not_voidable: /void|paid invoice|not[ _]allowed|cannot|can't|invalid/i,
  immutable: /immutable|frozen|cannot be changed|finali[sz]ed/i,
  not_open: /only on an open invoice|must be open|not open/i,
  no_transition: /not[ _]allowed|cannot|can't|invalid|final|terminal|only|must|already|refused/i,
};

/** The case's own word for a refusal if it means ours, else ours, so that a refusal for another reason fails. */
export function errorWord(code: string, golden: BillingCase): string {
  const expected = golden.expected.error;
  return typeof expected === 'string' && ERROR_WORDS[code]?.test(expected) ? expected : code;
}
