import type { Feature } from './feature.ts';
import { community, docsViews, sessionPattern } from './features/engagement.ts';
import { paymentReliability, planMoves, renewal } from './features/money.ts';
import { champion, seats } from './features/people.ts';
import { adoptionVelocity, uniqueApis } from './features/reach.ts';
import { errorTrend } from './features/service.ts';
import { satisfaction, ticketSentiment, unanswered } from './features/support.ts';
import { callsTrend, lastCall, planUse } from './features/usage.ts';

/** Goes up with every change of what a feature measures or how it is scaled: snapshots of two versions are not compared. */
export const FEATURES_VERSION = 1;

/** Every feature there is, a line each. */
export const FEATURES: readonly Feature[] = [
  callsTrend,
  lastCall,
  uniqueApis,
  adoptionVelocity,
  planUse,
  errorTrend,
  sessionPattern,
  champion,
  seats,
  ticketSentiment,
  unanswered,
  satisfaction,
  docsViews,
  community,
  paymentReliability,
  planMoves,
  renewal,
];
