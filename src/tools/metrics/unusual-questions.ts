import { namedCustomer, namedPeriod } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { matchMetric } from '../../domain/metrics/match.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { Json } from '../../domain/types.ts';

const UNUSUAL =
  /\b(unusual(?:ly)?|anomal(?:y|ies|ous)|stands? out|standing out|stood out|out of the ordinary|abnormal(?:ly)?|outliers?|weird|odd|strange|suspicious|unexpected(?:ly)?|not normal)\b/i;
const SPIKES =
  /\b(?:any|are there|were there|was there|see any|find|show(?: me)?) (?:\w+ )?(?:spikes?|dips?|drops?)\b/i;
const ABOUT_TEXT = /\b(tickets? (?:about|say)|charges?|invoices? (?:from|of))\b/i;

/** Readings of "anything unusual this week?". */
export function recognizeUnusual(utterance: Utterance): Reading[] {
  const sure = UNUSUAL.test(utterance.text);
  if (!sure && !SPIKES.test(utterance.text)) return [];
  const [match] = matchMetric(utterance.text.replace(UNUSUAL, ' '));
  const customer = namedCustomer(utterance);
  const period = namedPeriod(utterance);
  const metric = match && match.score >= 0.7 ? match.metric : null;
  const arguments_: { [key: string]: Json } = {
    ...(metric ? { metric } : {}),
    ...(period ? { period: periodArgument(period) } : {}),
    ...(customer ? { customer: customer.id } : {}),
  };
  const what = metric ? (findMetric(metric)?.title ?? metric) : null;
  const interpretation = ['What stands out', what, customer?.name, period?.label ?? 'last 7 days'].filter(
    Boolean,
  );
  const confidence = ABOUT_TEXT.test(utterance.text) ? 0.5 : sure ? 1 : 0.8;
  return [{ input: arguments_, confidence, interpretation: interpretation.join(', ') }];
}
