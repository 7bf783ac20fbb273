import type { Answer } from '../../../src/agent/turn.ts';
import { connectReports } from '../../../src/connect-reports.ts';
import type { Place, Principal, Role, Scope } from '../../../src/domain/types.ts';
import { SCOPES } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { silentLogger } from '../../../src/lib/logger.ts';
import type { ScheduleTurn } from '../../../src/schedules/define-schedule.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createReceiptStore } from '../../../src/store/receipts.ts';
import { createTranscript } from '../../../src/store/transcript.ts';
import { tools } from '../../../src/tools/index.ts';
import { createToolRunner } from '../../../src/tools/run-tool.ts';
import { NOW_AT, portsOver, smallWorld } from '../../agent/world.ts';

const TZ = 'America/Los_Angeles';
const SCOPES_OF: Partial<Record<Role, readonly Scope[]>> = {
  founder: SCOPES,
  finance: ['metrics:read', 'customers:read', 'billing:read'],
  viewer: ['metrics:read'],
};

export const person = (userId: string, role: Role, name = userId): Principal => ({
  ...{ kind: 'user', teamId: 'T1', userId, name, email: null, roles: [role], tz: TZ },
});

export const ada = person('U_ada', 'finance', 'Ada');
export const bob = person('U_bob', 'viewer', 'Bob');
export const fay = person('U_fay', 'founder', 'Fay');

export const DM: Place = {
  teamId: 'T1',
  channelId: 'D_ada',
  threadTs: '1.1',
  kind: 'dm',
  internalOnly: true,
};
export const FINANCE: Place = { ...DM, channelId: 'C_FIN', kind: 'channel' };

/** Reports over the small world: channels whose members a test can change, and everything that was posted. */
export function reportRoom() {
  const store = openStore(':memory:');
  const clock = fixedClock(NOW_AT);
  const company = { name: 'PsiZero', currency: 'USD', tz: TZ };
  const members = [ada, bob, fay];
  const channels: Record<string, { channelId: string; memberIds: string[]; internalOnly: boolean }> = {
    finance: { channelId: 'C_FIN', memberIds: [ada.userId, fay.userId], internalOnly: true },
    general: { channelId: 'C_GEN', memberIds: members.map(({ userId }) => userId), internalOnly: true },
    shared: { channelId: 'C_EXT', memberIds: [ada.userId], internalOnly: false },
    leadership: { channelId: 'C_LEAD', memberIds: [fay.userId], internalOnly: true },
  };
  const posted: { key: string; channelId: string; answer: Answer }[] = [];
  const told: { key: string; userId: string; text: string }[] = [];
  const ports = portsOver(smallWorld(), store);
  const scopesOf = ({ roles }: Pick<Principal, 'roles'>) => roles.flatMap((role) => SCOPES_OF[role] ?? []);
  const transcript = createTranscript(store);
  const room = connectReports({
    ...{ store, clock, company, tools, transcript, scopesOf },
    members: async () => members,
    customers: ports.customers,
    skills: ports.skills,
    allowedHosts: [],
    runner: () => runner,
  });
  const runner = createToolRunner({
    ...{ tools, scopesOf, company, clock },
    ports: { ...ports, reports: room.desk },
    door: { propose: () => Promise.reject(new Error('not part of this test')) },
    receipts: createReceiptStore(store),
    logger: silentLogger,
    audit: async () => undefined,
  });
  room.showIn({
    openDm: async (_, userId) => `D_${userId}`,
    channel: async (_, reference) => {
      const found = Object.entries(channels).find(
        ([name, one]) => name === reference || one.channelId === reference,
      );
      return found ? { name: found[0], channelId: found[1].channelId } : null;
    },
    audience: async (_, channelId) => {
      const found = Object.values(channels).find((one) => one.channelId === channelId);
      if (!found) throw new Error(`no channel ${channelId}`);
      return found;
    },
    post: async (key, { channelId, answer }) => {
      if (!posted.some((one) => one.key === key)) posted.push({ key, channelId, answer });
      return { ts: `${posted.length}.1` };
    },
    tell: async (key, { userId }, text) => {
      if (!told.some((one) => one.key === key)) told.push({ key, userId, text });
    },
  });

  /** What a tool says; what it refuses with. */
  async function use(
    tool: { name: string },
    input: object,
    as = ada,
    place = DM,
    askedBy?: string,
  ): Promise<string> {
    const signal = AbortSignal.timeout(5_000);
    const by = askedBy === undefined ? {} : { askedBy };
    const result = await runner.run({ tool: tool.name, input, principal: as, place, signal, ...by });
    if (!result.ok) return `refused: ${result.error.message}`;
    return result.kind === 'result' ? result.narration : 'proposed';
  }

  /** The turn that a report has at an instant. */
  async function due(dueAt: number): Promise<string[]> {
    clock.set(dueAt);
    const summaries: string[] = [];
    for (const { subject } of await room.schedule.occasions()) {
      const principal = await room.schedule.runAs(subject);
      const key = `reports:${subject}:${dueAt}`;
      const signal = AbortSignal.timeout(5_000);
      const turn: ScheduleTurn = { subject, principal, dueAt, attempt: 1, key, signal };
      summaries.push((await room.schedule.run(turn)).summary);
    }
    return summaries;
  }
  return { use, due, room, posted, told, channels, members, clock, store };
}
