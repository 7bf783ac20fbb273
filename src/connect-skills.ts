import { dirname, join } from 'node:path';
import { createAuditLog } from './approvals/audit-log.ts';
import type { PolicySource } from './approvals/policy-file.ts';
import type { Config } from './config.ts';
import type { Principal, Scope } from './domain/types.ts';
import type { Clock } from './lib/clock.ts';
import { failpoint } from './lib/failpoints.ts';
import { thisProcess } from './lib/holder.ts';
import { newId } from './lib/ids.ts';
import type { Logger } from './lib/logger.ts';
import type { PendingWork } from './lib/pending-work.ts';
import { openCheckpoints } from './skills/checkpoints.ts';
import type { Skill } from './skills/define-skill.ts';
import type { SkillHouse } from './skills/engine.ts';
import { skills } from './skills/index.ts';
import { skillCard } from './skills/skill-card.ts';
import { createSkillRuns, type SkillEngine } from './skills/skill-runs.ts';
import { openCheckpointFile } from './store/checkpoint-file.ts';
import type { Store } from './store/open-store.ts';

/**
 * Skills and what their runs need, put together. `house` is asked when a run works: tools start skills, so the
 * skills are made before the tools they call.
 * @throws ConfigError when a SKILL.md is missing or malformed.
 */
export function assembleSkillRuns(parts: {
  config: Config;
  store: Store;
  policy: PolicySource;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  members(teamId: string): Promise<readonly Principal[]>;
  scopesOf(principal: Principal): readonly Scope[];
  house(): SkillHouse;
  /** Skills that need more than their context, made with it. */
  more: readonly Skill[];
}): SkillEngine {
  const { config, store, policy, clock } = parts;
  const file = openCheckpointFile(
    store.sqlite.memory ? ':memory:' : join(dirname(store.sqlite.name), 'psi-skills.db'),
  );
  const all = [...skills, ...parts.more];
  return createSkillRuns({
    ...parts,
    skills: all,
    cards: all.map(skillCard),
    checkpoints: openCheckpoints(file),
    company: config.company,
    starterNow: async (starter) => {
      if (starter.kind !== 'user') return starter;
      const member = (await parts.members(starter.teamId)).find(({ userId }) => userId === starter.userId);
      // The zone it was started in stays: days are cut by it.
      return member ? { ...member, tz: starter.tz } : null;
    },
    maxCustomers: (tool) => policy.current().policy.tools[tool]?.maxCustomers ?? null,
    identity: thisProcess(),
    newId,
    failpoint,
    audit: createAuditLog(store, clock).record,
  });
}
