import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ProvableTool, provePolicy } from '../../../src/domain/policy/prove-policy.ts';
import { policySchema } from '../../../src/domain/policy/schema.ts';
import { projectRoot } from '../../../src/lib/paths.ts';

const text = readFileSync(join(projectRoot(), 'policy.yml'), 'utf8');
const tools: ProvableTool[] = [
  { name: 'refund_payment', scope: 'billing:write', effect: 'consequential', movesMoney: true },
  { name: 'send_payment_reminder', scope: 'customers:contact', effect: 'consequential', movesMoney: false },
  { name: 'query_metric', scope: 'metrics:read', effect: 'read', movesMoney: false },
];

function proof(edit: (policy: string) => string = (policy) => policy) {
  return provePolicy(policySchema.parse(parse(edit(text))), tools);
}

describe('the shipped policy', () => {
  it('has nothing that looks wrong', () => expect(proof().findings).toEqual([]));

  it('lets nobody but finance and founders bring about a refund, and two of them above 5,000', () => {
    const ways = proof().ways.filter((way) => way.tool === 'refund_payment' && way.approvers !== null);
    expect(ways.length).toBeGreaterThan(8);
    for (const way of ways) {
      expect(way.approvers).toEqual(['founder', 'finance']);
      expect(way.approvals).toBe((way.amountMinor ?? 0) > 500_000 ? 2 : 1);
      expect(way.own).toBe((way.amountMinor ?? 0) <= 2_500);
    }
  });

  it('says for each role that may not ask that it may not', () => {
    const refused = proof().ways.filter((way) => ['analyst', 'viewer', 'guest'].includes(way.asker));
    expect(refused.length).toBeGreaterThan(10);
    for (const way of refused) expect(way.approvers).toBeNull();
  });
});

describe('a policy that was edited carelessly', () => {
  it.each([
    ['guests that read', 'guest: []', "guest: ['metrics:read']", 'hole', /^Guests have metrics:read/],
    [
      'members who approve',
      'approvers: [finance, success, founder]',
      'approvers: [finance, viewer]',
      'hole',
      /^a member may approve send_payment_reminder/,
    ],
    [
      'own requests without typing',
      'self_approval: true, typed_amount: true',
      'self_approval: true',
      'hole',
      /refund_payment may approve it alone without typing/,
    ],
    ['no highest amount', 'up_to: 100000, ', '', 'doubt', /^refund_payment has no highest amount/],
    [
      'approvers without the right themselves',
      'up_to: 25, approvers: [finance, founder]',
      'up_to: 25, approvers: [analyst, founder]',
      'doubt',
      /^an analyst may approve refund_payment without the right/,
    ],
    [
      'a tool without a rule',
      '  send_payment_reminder:\n    max_customers: 25\n    alone: { up_to: 0 }\n    bands:\n      - { approvers: [finance, success, founder] }',
      '',
      'doubt',
      /^There is no rule for send_payment_reminder/,
    ],
  ])('is told of %s', (_, from, to, weight, say) => {
    expect(text).toContain(from);
    const { findings } = proof((policy) => policy.replace(from, to));
    expect(findings).toContainEqual({ weight, say: expect.stringMatching(say) });
  });
});
