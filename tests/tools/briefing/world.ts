import { fixedClock } from '../../../src/lib/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createPeopleSettings } from '../../../src/store/settings.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import { NOW_AT, portsOver, smallWorld } from '../../agent/world.ts';

/** A finance member in Los Angeles with the real settings behind the tools. */
export function contextOf(over: Partial<ToolContext> = {}): ToolContext {
  const store = openStore(':memory:');
  const clock = fixedClock(NOW_AT);
  const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
  return {
    ...portsOver(smallWorld(), store),
    settings: createPeopleSettings({ store, clock, companyTz: company.tz, rolesOf: async () => ['finance'] }),
    principal: {
      kind: 'user',
      teamId: 'T1',
      userId: 'U1',
      name: 'Ada',
      email: 'ada@psizero.example',
      roles: ['finance'],
      tz: 'America/Los_Angeles',
    },
    place: { teamId: 'T1', channelId: 'D1', threadTs: '1.1', kind: 'dm', internalOnly: true },
    company,
    clock,
    signal: AbortSignal.timeout(5_000),
    ...over,
  };
}
