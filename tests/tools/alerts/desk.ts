import type { Finding } from '../../../src/domain/alerts/finding.ts';
import { policySchema } from '../../../src/domain/policy/schema.ts';
import type { Principal, Role } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { createAlertCardStore } from '../../../src/store/alert-cards.ts';
import { createAlertDesk } from '../../../src/store/alert-desk.ts';
import { createAlertBook } from '../../../src/store/alerts.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { Tool, ToolContext } from '../../../src/tools/define-tool.ts';
import { NOW_AT, portsOver, principal, smallWorld } from '../../agent/world.ts';

export const { alerts: RULES } = policySchema.parse({
  version: 1,
  currency: 'USD',
  stopped: false,
  roles: { founder: {}, finance: {}, success: {}, analyst: {} },
  scopes: { founder: 'all', finance: [], success: [], analyst: [], viewer: [], guest: [] },
  quiet_hours: null,
  timing: { expires_after: '1d', remind_after: '1h', escalate_after: '2h', escalate_to: ['founder'] },
  tools: {},
});

/** The desk over a real store, with what people of several roles do at it. */
export function openDesk() {
  const store = openStore(':memory:');
  const clock = fixedClock(NOW_AT);
  const book = createAlertBook(store);
  const cards = createAlertCardStore(store);
  let changes = 0;
  const desk = createAlertDesk({
    ...{ book, cards, clock },
    rules: () => RULES,
    changed: () => {
      changes += 1;
    },
    begun: async () => undefined,
  });
  const ports = { ...portsOver(smallWorld(), store), alerts: desk };
  const contextFor = (by: Principal): ToolContext => ({
    ...ports,
    principal: by,
    place: { teamId: 'T1', channelId: 'C1', threadTs: '1.1', kind: 'channel', internalOnly: true },
    company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
    clock,
    signal: AbortSignal.timeout(5_000),
  });
  return {
    ...{ store, clock, book, cards, desk },
    changes: () => changes,
    record: (...findings: Finding[]) => book.record(findings, clock.now()),
    /** What a tool says to somebody of this role. Throws what the tool throws. */
    async say(tool: Tool, input: unknown, role: Role = 'founder', userId?: string): Promise<string> {
      if (tool.effect === 'consequential') throw new Error('not said but proposed');
      const output = await tool.run(tool.input.parse(input), contextFor(principal(role, userId)));
      return tool.narrate(tool.output.parse(output));
    },
  };
}

export function failed(
  id: string,
  name: string,
  over: Partial<Extract<Finding, { verdict: 'raise' }>> = {},
): Finding {
  return {
    verdict: 'raise',
    kind: 'payment_failed',
    subject: { kind: 'customer', id, name },
    title: `${name}'s payment of $120.00 failed: the card has expired.`,
    detail: 'First failure this month; invoice INV-1 is open.',
    facts: ['Nov 22, 2026: $120.00 failed'],
    amount: { minor: 12_000, currency: 'USD' },
    count: 1,
    lastSeenAt: NOW_AT,
    ...over,
  };
}

export const incident: Finding = {
  verdict: 'raise',
  kind: 'error_spike',
  subject: { kind: 'incident', id: 'inc_1', name: 'API outage' },
  title: 'An incident is open: API outage.',
  detail: 'Severity critical.',
  facts: [],
  amount: null,
  count: 1,
  lastSeenAt: NOW_AT + 1,
};
