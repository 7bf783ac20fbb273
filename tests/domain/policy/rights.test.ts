import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../../src/domain/policy/amount.ts';
import { loudFrom } from '../../../src/domain/policy/quiet-hours.ts';
import {
  audienceAllows,
  mayDecide,
  mayUse,
  rolesFor,
  rolesWith,
  roleWords,
} from '../../../src/domain/policy/rights.ts';
import { policyProblem, policySchema } from '../../../src/domain/policy/schema.ts';
import type { Role } from '../../../src/domain/types.ts';

const file = () => ({
  version: 1,
  currency: 'USD',
  stopped: false,
  roles: {
    founder: { groups: ['founders'] },
    finance: { groups: ['@Finance'], emails: ['Fay@Psi.example'] },
    success: {},
    analyst: {},
  },
  scopes: {
    founder: 'all',
    finance: ['billing:write'],
    success: [],
    analyst: [],
    viewer: ['metrics:read'],
    guest: [],
  },
  quiet_hours: { from: '20:00', to: '08:00' },
  timing: { expires_after: '1d', remind_after: '30m', escalate_after: '4h', escalate_to: ['founder'] },
  tools: {
    pay: {
      max_customers: 1,
      bands: [{ up_to: '10.50', approvers: ['finance'] }, { approvers: ['founder'] }],
    },
  },
});
const policy = policySchema.parse(file());

describe('roles from the workspace', () => {
  const member = { groups: [], email: null, isGuest: false, isStranger: false };
  it.each<[string, Parameters<typeof rolesFor>[0], Role[]]>([
    ['a member of no group', member, ['viewer']],
    ['a founder', { ...member, groups: ['founders'] }, ['founder']],
    ['a handle with @ and another case', { ...member, groups: ['@FINANCE'] }, ['finance']],
    ['an address', { ...member, email: 'fay@psi.example' }, ['finance']],
    ['two groups', { ...member, groups: ['finance', 'founders'] }, ['founder', 'finance']],
    ['a guest in the founders group', { ...member, groups: ['founders'], isGuest: true }, ['guest']],
    [
      'a stranger with a finance address',
      { ...member, email: 'fay@psi.example', isStranger: true },
      ['guest'],
    ],
  ])('%s', (_name, who, roles) => {
    expect(rolesFor(who, policy)).toEqual(roles);
  });
});

describe('scopes and audience', () => {
  it('a role has its scopes and no others', () => {
    expect(mayUse('billing:write', ['finance'], policy)).toBe(true);
    expect(mayUse('billing:write', ['viewer'], policy)).toBe(false);
    expect(mayUse('audit:read', ['viewer', 'founder'], policy)).toBe(true);
    expect(mayUse('metrics:read', ['guest'], policy)).toBe(false);
    expect(rolesWith('billing:write', policy)).toEqual(['founder', 'finance']);
  });

  it('nothing internal is told where somebody from outside reads along', () => {
    expect(audienceAllows({ internalOnly: true })).toBe(true);
    expect(audienceAllows({ internalOnly: false })).toBe(false);
  });

  it('roles are put in words', () => {
    expect(roleWords(['finance', 'success', 'founder'])).toBe('finance, customer success or a founder');
    expect(roleWords([])).toBe('nobody');
  });
});

describe('deciding', () => {
  const rule = { approverRoles: ['finance'] as const, selfApproval: false };
  const by = (userId: string, role: Role, kind: 'user' | 'webhook' = 'user') => ({
    kind,
    userId,
    roles: [role],
  });
  it.each([
    ['another of the role approves', by('b', 'finance'), 'approve', 'ok'],
    ['the requester approves', by('a', 'finance'), 'approve', 'own_request'],
    ['the requester takes it back', by('a', 'viewer'), 'reject', 'ok'],
    ['a viewer approves', by('b', 'viewer'), 'approve', 'role'],
    ['a viewer rejects', by('b', 'viewer'), 'reject', 'role'],
    ['a webhook approves', by('b', 'finance', 'webhook'), 'approve', 'not_a_person'],
  ] as const)('%s', (_name, who, verdict, expected) => {
    const right = mayDecide(rule, 'a', who, verdict);
    expect(right.ok ? 'ok' : right.because).toBe(expected);
  });

  it('the requester may where the rule says so', () => {
    expect(mayDecide({ ...rule, selfApproval: true }, 'a', by('a', 'finance'), 'approve').ok).toBe(true);
  });
});

describe('quiet hours', () => {
  const tz = 'America/Los_Angeles';
  const at = (text: string) => Date.parse(text);
  it.each([
    ['in the afternoon', '2026-11-24T20:00:00Z', '2026-11-24T20:00:00Z'],
    ['at their first minute', '2026-11-25T04:00:00Z', '2026-11-25T16:00:00Z'],
    ['before midnight', '2026-11-25T06:00:00Z', '2026-11-25T16:00:00Z'],
    ['after midnight', '2026-11-25T10:00:00Z', '2026-11-25T16:00:00Z'],
    ['at their end', '2026-11-25T16:00:00Z', '2026-11-25T16:00:00Z'],
    ['in the night the clocks go back', '2026-11-01T07:30:00Z', '2026-11-01T16:00:00Z'],
  ])('%s', (_name, from, to) => {
    expect(loudFrom(at(from), policy.quiet_hours, tz)).toBe(at(to));
  });

  it('may be within a day, empty or none', () => {
    const noon = at('2026-11-24T20:00:00Z');
    expect(loudFrom(noon, { from: '11:00', to: '13:00' }, tz)).toBe(at('2026-11-24T21:00:00Z'));
    expect(loudFrom(noon, { from: '12:00', to: '12:00' }, tz)).toBe(noon);
    expect(loudFrom(noon, null, tz)).toBe(noon);
  });
});

describe('typed amounts', () => {
  it.each<[string, string, number | null]>([
    ['120', 'USD', 12_000],
    [' $1,250.5 ', 'USD', 125_050],
    ['1250.50 usd', 'USD', 125_050],
    ['USD 3', 'USD', 300],
    ['€10', 'EUR', 1_000],
    ['1200', 'JPY', 1_200],
    ['12.5', 'JPY', null],
    ['1.005', 'USD', null],
    ['1,25', 'USD', null],
    ['-5', 'USD', null],
    ['', 'USD', null],
    ['twelve', 'USD', null],
    ['1e3', 'USD', null],
    ['99999999999999999999', 'USD', null],
  ])('%j in %s', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toEqual(minor === null ? null : { minor, currency });
  });
});

describe('a policy file', () => {
  it('turns amounts into minor units and durations into milliseconds', () => {
    expect(policy.tools.pay?.bands.map((band) => band.upToMinor)).toEqual([1_050, null]);
    expect(policy.tools.pay?.timing).toMatchObject({ expires_after: 86_400_000, remind_after: 1_800_000 });
  });

  it.each<[string, (f: ReturnType<typeof file>) => object, string]>([
    ['an unknown word', (f) => ({ ...f, stoped: true }), 'Unrecognized key'],
    ['a missing switch', ({ stopped: _stopped, ...f }) => f, 'stopped'],
    [
      'a duration in words',
      (f) => ({ ...f, timing: { ...f.timing, remind_after: 'soon' } }),
      '30m, 4h or 2d',
    ],
    [
      'an unknown role',
      (f) => ({ ...f, tools: { pay: { max_customers: 1, bands: [{ approvers: ['boss'] }] } } }),
      'tools.pay.bands.0.approvers.0',
    ],
    [
      'an amount that is none',
      (f) => ({
        ...f,
        tools: { pay: { max_customers: 1, bands: [{ up_to: 'lots', approvers: ['finance'] }] } },
      }),
      'not an amount',
    ],
    [
      'bands that go down',
      (f) => ({
        ...f,
        tools: {
          pay: {
            max_customers: 1,
            bands: [
              { up_to: 5, approvers: ['finance'] },
              { up_to: 4, approvers: ['finance'] },
            ],
          },
        },
      }),
      'go higher',
    ],
    [
      'a band above the open one',
      (f) => ({
        ...f,
        tools: {
          pay: {
            max_customers: 1,
            bands: [{ approvers: ['finance'] }, { up_to: 4, approvers: ['finance'] }],
          },
        },
      }),
      'go higher',
    ],
    ['an unknown scope', (f) => ({ ...f, scopes: { ...f.scopes, viewer: ['everything'] } }), 'scopes.viewer'],
  ])('%s is refused, naming where', (_name, change, words) => {
    const parsed = policySchema.safeParse(change(file()));
    expect(parsed.success).toBe(false);
    expect(parsed.success ? '' : policyProblem(parsed.error)).toContain(words);
  });
});
