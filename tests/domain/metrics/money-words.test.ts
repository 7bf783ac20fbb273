import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/domain/metrics/index.ts';
import { matchMetric } from '../../../src/domain/metrics/match.ts';

describe('what people call the numbers of money and customers', () => {
  it.each([
    ['how much new mrr did we add last month', 'new_mrr'],
    ['expansion this quarter', 'expansion_mrr'],
    ['how much did downgrades cost us', 'contraction_mrr'],
    ['how much mrr did we lose in october', 'churned_mrr'],
    ['reactivation mrr ytd', 'reactivation_mrr'],
    ['net new mrr last month', 'net_new_mrr'],
    ['currency effect on mrr', 'fx_mrr'],
    ['what is our nrr', 'nrr'],
    ['net dollar retention for q3', 'nrr'],
    ['gross revenue retention', 'grr'],
    ['saas quick ratio', 'quick_ratio'],
    ['arpu?', 'arpa'],
    ['average revenue per customer', 'arpa'],
    ['customer lifetime value', 'ltv'],
    ['churn rate in october', 'customer_churn_rate'],
    ['who churned', 'churned_customers'],
    ['deferred revenue at month end', 'deferred_revenue'],
    ['how much is outstanding over 60 days', 'receivables_60'],
    ['outstanding more than 90 days', 'receivables_90'],
    ['over 30 days late', 'receivables_30'],
    ['outstanding', 'receivables_open'],
    ['cash collected last week', 'collections'],
    ['collection rate', 'collection_rate'],
    ['days sales outstanding', 'dso'],
    ['payment failure rate', 'payment_failure_rate'],
    ['failed payments', 'failed_payments'],
    ['recovered payments this month', 'recovered_payments'],
    ['dunning recovery rate', 'recovery_rate'],
    ['how many new customers in september', 'new_customers'],
    ['signups', 'signups'],
    ['how many customers came back', 'reactivated_customers'],
    ['customers on trial', 'trials'],
    ['trial to paid rate', 'trial_conversion'],
    ['retention by cohort', 'cohort_retention'],
    ['share of our biggest customer', 'top_customer_share'],
    ['customer concentration', 'top_10_share'],
    ['revenue concentration', 'top_10_share'],
    ['mrr', 'mrr'],
    ['gross revenue', 'revenue_gross'],
  ])('%s', (said, metric) => {
    expect(matchMetric(said)[0]?.metric).toBe(metric);
  });

  it.each(['what needs my attention', 'connections are slow', 'upgrade acme to scale'])(
    '"%s" names none of them',
    (said) => {
      const named = matchMetric(said).map((match) => match.metric);
      for (const metric of ['customer_churn_rate', 'collections', 'expansion_mrr']) {
        expect(named).not.toContain(metric);
      }
    },
  );

  it('gives no two metrics the same phrase', () => {
    const phrases = METRICS.flatMap(({ synonyms }) => [...new Set(synonyms)]);
    expect(phrases.filter((phrase, index) => phrases.indexOf(phrase) !== index)).toEqual([]);
  });

  it('finds every metric by its own name and by each of its phrases', () => {
    for (const { name, synonyms } of METRICS) {
      for (const phrase of [name.replace(/_/g, ' '), ...synonyms]) {
        expect(matchMetric(phrase)[0]?.metric, phrase).toBe(name);
      }
    }
  });
});
