import { buildCustomerIndex } from '../../../src/domain/customers/matching.ts';
import { analyseUtterance, plainMessage } from '../../../src/domain/language/analyse-utterance.ts';
import type { CompanyWords } from '../../../src/domain/language/company-words.ts';
import { buildLexicon } from '../../../src/domain/language/lexicon.ts';
import type { Utterance } from '../../../src/domain/language/utterance.ts';
import { METRICS } from '../../../src/domain/metrics/index.ts';
import { exponentOf } from '../../../src/domain/money/exponents.ts';
import { findPeriods } from '../../../src/domain/periods/find-periods.ts';
import type { Customer } from '../../../src/domain/types.ts';
import { tools } from '../../../src/tools/index.ts';

/** Sunday, Nov 22, 2026, 14:30 in Los Angeles. */
export const NOW_AT = Date.parse('2026-11-22T22:30:00Z');
export const TZ = 'America/Los_Angeles';
export const OUTAGE_AT = Date.parse('2026-11-17T17:12:00Z');

const customer = (id: string, name: string): Customer => ({
  id,
  name,
  domain: `${name.toLowerCase().replace(/[^a-z]/g, '')}.example`,
  email: '',
  country: 'US',
  region: 'north_america',
  currency: 'USD',
  segment: 'startup',
  channel: 'organic',
  ownerEmail: null,
  stripeCustomerId: null,
  signedUpAt: 1,
});

const index = buildCustomerIndex([
  customer('acme', 'Acme Robotics'),
  customer('bolt', 'Bolt'),
  customer('bright', 'Brightpath'),
  customer('north1', 'Northwind Trading'),
  customer('north2', 'Northwind Traders'),
  customer('hal', 'Halcyon Analytics'),
]);

const words: CompanyWords = {
  plans: ['starter', 'growth', 'scale', 'enterprise'],
  regions: ['north_america', 'europe', 'asia_pacific'],
  segments: ['solo', 'startup', 'midmarket', 'enterprise'],
  channels: ['organic', 'ads', 'referral', 'partner', 'outbound'],
  owners: ['maria.lopez@psizero.dev', 'tom.becker@psizero.dev', 'aiko.tanaka@psizero.dev'],
  members: [
    { name: 'Lena Fischer', email: 'lena@psizero.example' },
    { name: 'Aiko Tanaka', email: 'aiko@psizero.example' },
  ],
  asker: { name: 'Aiko Tanaka', email: 'aiko@psizero.example' },
  anchors: [{ words: ['outage', 'incident'], at: OUTAGE_AT }],
  fiscalYearStart: 1,
};

const lexicon = buildLexicon(
  tools.flatMap((tool) => tool.examples.map((example) => example.say)),
  METRICS.flatMap((metric) => metric.synonyms),
);

/** A message of Aiko's as Psi reads it, in a company of six customers. */
export function sentence(message: string): Utterance {
  const text = plainMessage(message);
  const { anchors, fiscalYearStart } = words;
  return analyseUtterance(text, {
    periods: findPeriods(text, { nowAt: NOW_AT, tz: TZ, anchors, fiscalYearStart }),
    customers: index.mentionedIn(text),
    previous: [],
    lexicon,
    nowAt: NOW_AT,
    tz: TZ,
    exponentOf,
    companyCurrency: 'USD',
    known: words,
  });
}
