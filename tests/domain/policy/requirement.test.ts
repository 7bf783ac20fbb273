import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type PolicyQuestion, requirementFor, stricter } from '../../../src/domain/policy/requirement.ts';
import { policySchema } from '../../../src/domain/policy/schema.ts';
import type { Principal, Role } from '../../../src/domain/types.ts';
import { projectRoot } from '../../../src/lib/paths.ts';

const policy = policySchema.parse(parse(readFileSync(join(projectRoot(), 'policy.yml'), 'utf8')));
const person = (userId: string, ...roles: Role[]): Principal => ({
  kind: 'user',
  teamId: 'T',
  userId,
  name: userId,
  email: null,
  roles,
  tz: 'UTC',
});
const everybody = [
  person('ada', 'founder'),
  person('ben', 'founder'),
  person('fay', 'finance'),
  person('flo', 'finance'),
  person('sue', 'success'),
  person('ann', 'analyst'),
  person('vic', 'viewer'),
];
const usd = (minor: number) => ({ minor, currency: 'USD' });

function ask(over: Partial<PolicyQuestion>) {
  return requirementFor({
    tool: 'refund_payment',
    scope: 'billing:write',
    amount: usd(12_000),
    requester: person('fay', 'finance'),
    members: everybody,
    askedTodayMinor: 0,
    customersToday: 1,
    policy,
    ...over,
  });
}

describe('the default table', () => {
  it.each<[string, number, object]>([
    ['the smallest amount', 1, { approvals: 1, selfApproval: true, typedAmount: true }],
    ['the last of the small', 2_500, { approvals: 1, selfApproval: true, typedAmount: true }],
    ['the first that needs another person', 2_501, { approvals: 1, selfApproval: false, typedAmount: false }],
    ['the last that one person may approve', 500_000, { approvals: 1, selfApproval: false }],
    ['the first that needs two', 500_001, { approvals: 2, selfApproval: false }],
    ['the largest', 10_000_000, { approvals: 2, selfApproval: false }],
  ])('refund of %s', (_name, minor, requirement) => {
    expect(ask({ amount: usd(minor) })).toMatchObject({ ok: true, requirement });
  });

  it('refuses more than the largest band, and says the limit', () => {
    expect(ask({ amount: usd(10_000_001) })).toMatchObject({
      ok: false,
      say: expect.stringContaining('$100,000.00'),
    });
    expect(ask({ amount: usd(1), askedTodayMinor: 10_000_000 })).toMatchObject({
      ok: false,
      say: expect.stringContaining('asked for today'),
    });
  });

  it.each<[Role, boolean, boolean]>([
    ['founder', true, true],
    ['finance', true, true],
    ['success', false, true],
    ['analyst', false, false],
    ['viewer', false, false],
    ['guest', false, false],
  ])('%s may ask for a refund: %s, for a reminder: %s', (role, refund, reminder) => {
    const requester = person('new', role);
    expect(ask({ requester }).ok).toBe(refund);
    const reminding = { tool: 'send_payment_reminder', scope: 'customers:contact' as const, amount: null };
    expect(ask({ ...reminding, requester }).ok).toBe(reminder);
  });

  it('says on the card who is needed', () => {
    const words = (minor: number) => {
      const answer = ask({ amount: usd(minor) });
      return answer.ok ? answer.requirement.words : '';
    };
    expect(words(100)).toBe(
      'Needs one approval from finance or a founder; whoever asked may too, by typing the amount.',
    );
    expect(words(10_000)).toBe('Needs one approval from finance or a founder, not from the one who asked.');
    expect(words(900_000)).toBe(
      'Needs two approvals from finance or a founder, neither from the one who asked.',
    );
  });
});

describe('what is refused', () => {
  it.each<[string, Partial<PolicyQuestion>, string]>([
    ['an action without a rule', { tool: 'delete_everything' }, 'no rule'],
    ['a rule by a name every object has', { tool: 'constructor' }, 'no rule'],
    ['more customers than a day allows', { customersToday: 11 }, 'limit is 10'],
    ['an amount in another currency', { amount: { minor: 1, currency: 'EUR' } }, 'EUR'],
    ['an amount nobody knows', { amount: null }, 'not known'],
    ['anything while stopped', { policy: { ...policy, stopped: true } }, 'stopped'],
    ['finance alone', { members: [person('fay', 'finance')] }, 'another person'],
    [
      'two people wanted and one there',
      { members: [person('fay', 'finance'), person('flo', 'finance')], amount: usd(600_000) },
      'two people',
    ],
  ])('%s', (_name, over, say) => {
    expect(ask(over)).toMatchObject({ ok: false, say: expect.stringContaining(say) });
  });
});

describe('a founder alone', () => {
  const ada = person('ada', 'founder');
  const alone = { requester: ada, members: [ada, person('vic', 'viewer')] };
  it.each<[string, Partial<PolicyQuestion>, boolean]>([
    ['up to the limit', { amount: usd(100_000) }, true],
    ['above it', { amount: usd(100_001) }, false],
    ['up to it over the day', { amount: usd(50_000), askedTodayMinor: 50_000 }, true],
    ['above it over the day', { amount: usd(50_001), askedTodayMinor: 50_000 }, false],
  ])('%s', (_name, over, ok) => {
    const answer = ask({ ...alone, ...over });
    expect(answer.ok).toBe(ok);
    if (answer.ok) expect(answer.requirement).toMatchObject({ selfApproval: true, typedAmount: true });
    else expect(answer.hint).toContain('second person');
  });

  it('may send a reminder, where there is no amount to type', () => {
    const answer = ask({ ...alone, tool: 'send_payment_reminder', scope: 'customers:contact', amount: null });
    expect(answer).toMatchObject({ ok: true, requirement: { selfApproval: true, typedAmount: false } });
  });
});

describe('properties', () => {
  it('asking for more never needs fewer people, and pieces never need fewer than the whole', () => {
    const strictness = (over: Partial<PolicyQuestion>) => {
      const answer = ask(over);
      if (!answer.ok) return 9;
      return answer.requirement.approvals * 2 - (answer.requirement.selfApproval ? 1 : 0);
    };
    fc.assert(
      fc.property(fc.nat(12_000_000), fc.nat(12_000_000), (some, more) => {
        const whole = strictness({ amount: usd(some + more) });
        expect(strictness({ amount: usd(some) })).toBeLessThanOrEqual(whole);
        expect(strictness({ amount: usd(more), askedTodayMinor: some })).toBe(whole);
      }),
    );
  });

  it('the stricter of two rules is at least as strict as each', () => {
    const rule = fc.record({
      approverRoles: fc.uniqueArray(fc.constantFrom<Role>('founder', 'finance', 'success'), { minLength: 1 }),
      approvals: fc.constantFrom<1 | 2>(1, 2),
      selfApproval: fc.boolean(),
      typedAmount: fc.boolean(),
      words: fc.constantFrom('a', 'b'),
    });
    fc.assert(
      fc.property(rule, rule, (then, now) => {
        const merged = stricter(then, now);
        expect(merged.approvals).toBe(Math.max(then.approvals, now.approvals));
        expect(merged.selfApproval).toBe(then.selfApproval && now.selfApproval);
        expect(merged.typedAmount).toBe(then.typedAmount || now.typedAmount);
        expect(merged.approverRoles.every((role) => now.approverRoles.includes(role))).toBe(true);
      }),
    );
  });
});
