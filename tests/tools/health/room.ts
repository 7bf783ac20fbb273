import { assess, standingAt } from '../../../src/domain/health/assess.ts';
import type { HealthDesk } from '../../../src/domain/health/desk.ts';
import type { AccountFacts } from '../../../src/domain/health/facts.ts';
import type { Role } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { Tool, ToolContext } from '../../../src/tools/define-tool.ts';
import { ACME, GLOBEX, portsOver, principal, smallWorld } from '../../agent/world.ts';
import { account, company, DAY, NOW, settings, ticket, usage } from '../../domain/health/account.ts';

/** Slides, and says so. */
export const sliding = account({
  id: ACME.id,
  name: ACME.name,
  usage: usage({ calls: (day) => Math.max(0, 8_000 * Math.min(1, 1 + (day + 50) * -0.018)) }),
  tickets: [ticket({ text: 'We are comparing providers.', firstResponseAt: null, openedAt: NOW - 2 * DAY })],
});
/** Grows without trouble. */
export const thriving = account({
  id: GLOBEX.id,
  name: GLOBEX.name,
  usage: usage({ calls: (day) => 8_000 + day * 5 }),
});

function deskOver(accounts: readonly AccountFacts[], more: Partial<HealthDesk>): HealthDesk {
  const days = company();
  const standings = (at: number) => accounts.flatMap((one) => standingAt(one, days, settings, at) ?? []);
  return {
    version: () => '1-test',
    bands: () => settings.bands,
    assess: async (id, at) => {
      const found = accounts.find((one) => one.id === id);
      return found ? assess(found, days, settings, at, { previous: null, model: null }) : null;
    },
    standings: async (at, agoDays = 0) => ({
      now: standings(at),
      before: agoDays === 0 ? [] : standings(at - agoDays * DAY),
    }),
    history: async () => [],
    stake: async () => null,
    greenButLeft: async () => [],
    ...more,
  };
}

/** What a tool says about these accounts. Throws what the tool throws. */
export function openRoom(
  accounts: readonly AccountFacts[] = [sliding, thriving],
  more: Partial<HealthDesk> = {},
) {
  const store = openStore(':memory:');
  const ports = { ...portsOver(smallWorld(), store), health: deskOver(accounts, more) };
  const contextFor = (role: Role): ToolContext => ({
    ...ports,
    principal: principal(role),
    place: { teamId: 'T1', channelId: 'C1', threadTs: '1.1', kind: 'channel', internalOnly: true },
    company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
    clock: fixedClock(NOW),
    signal: AbortSignal.timeout(5_000),
  });
  const run = async (tool: Tool, input: unknown, role: Role = 'success') => {
    if (tool.effect === 'consequential') throw new Error('not said but proposed');
    return tool.output.parse(await tool.run(tool.input.parse(input), contextFor(role)));
  };
  return {
    run,
    async say(tool: Tool, input: unknown): Promise<string> {
      if (tool.effect === 'consequential') throw new Error('not said but proposed');
      return tool.narrate(await run(tool, input));
    },
    async shown(tool: Tool, input: unknown) {
      if (tool.effect === 'consequential') throw new Error('not said but proposed');
      return tool.exhibits?.(await run(tool, input)) ?? [];
    },
  };
}
