import { describe, expect, it } from 'vitest';
import { bestReading, toolNamed } from '../reading.ts';

const metrics = toolNamed('query_metric');
const SURE = 0.7;
const ACME = 'cst_acme';

describe('a question about usage, service, support or Psi', () => {
  it.each<[string, Record<string, unknown>]>([
    ['how many customers used the API this month', { metric: 'active_api_customers' }],
    ['how many endpoints does Acme use', { metric: 'unique_apis', customer: ACME }],
    ['which customers are over their quota', { metric: 'overage_calls', by: 'customer' }],
    ['top 5 customers by overage', { metric: 'overage_calls', by: 'customer', top: 5 }],
    ['quota use by plan', { metric: 'quota_use', by: 'plan' }],
    ['average calls per customer', { metric: 'calls_per_customer' }],
    ['what are overages worth this month', { metric: 'overage_amount' }],
    ['client errors', { metric: 'error_rate_4xx' }],
    ['p99 latency', { metric: 'latency_p99' }],
    ['median latency', { metric: 'latency_p50' }],
    ['any outages this year', { metric: 'incidents' }],
    ['incidents by severity', { metric: 'incidents', by: 'severity' }],
    ['how long was the outage', { metric: 'incident_minutes' }],
    ['how much of the error budget is left', { metric: 'slo_burn' }],
    ['mttr', { metric: 'mttr' }],
    ['how many new tickets this month', { metric: 'tickets_opened' }],
    ['tickets closed by priority', { metric: 'tickets_closed', by: 'priority' }],
    ['avg first response time', { metric: 'first_response_time' }],
    ['median first response time for Acme', { metric: 'first_response_time', customer: ACME }],
    ['average time to resolution', { metric: 'resolution_time' }],
    ['how old are our open tickets', { metric: 'backlog_age' }],
    ['average csat this month', { metric: 'csat' }],
    ['how is the mood in tickets', { metric: 'ticket_sentiment' }],
    ['how many questions have you answered', { metric: 'questions_answered' }],
    ['how much time did you save us this month', { metric: 'minutes_saved' }],
    ['automation rate', { metric: 'automation_rate' }],
    ['how long do approvals take', { metric: 'approval_time' }],
    ['how many proposals were approved', { metric: 'approvals_given' }],
  ])('%j is understood', async (message, expected) => {
    const reading = await bestReading(metrics, message);
    expect(reading?.input).toMatchObject(expected);
    expect(reading?.confidence).toBeGreaterThanOrEqual(SURE);
  });

  it('is not broken down by what its own name says', async () => {
    expect((await bestReading(metrics, 'calls per customer yesterday'))?.input).not.toHaveProperty('by');
    expect((await bestReading(metrics, 'calls per customer by plan'))?.input).toMatchObject({ by: 'plan' });
  });

  it('of the platform is never said to be one customer’s', async () => {
    const reading = await bestReading(metrics, 'slo burn for Acme');
    expect(reading?.interpretation).toBe('SLO burn, of all customers together');
  });

  it.each(['average revenue', 'median mrr', 'mean latency', 'budget for support', 'tickets about billing'])(
    '%j asks for a figure nobody computes here, and is not answered with another',
    async (message) => {
      const reading = await bestReading(metrics, message);
      expect(reading?.confidence ?? 0).toBeLessThan(SURE);
    },
  );

  it.each([
    ['pending approvals', 'list_approvals'],
    ['list open tickets', 'list_tickets'],
    ['what alerts are open', 'list_alerts'],
  ])('%j stays a question for the records themselves', async (message, tool) => {
    const number = await bestReading(metrics, message);
    const records = await bestReading(toolNamed(tool), message);
    expect(records?.confidence ?? 0).toBeGreaterThan(number?.confidence ?? 0);
  });
});
