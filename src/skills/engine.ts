import type { Door } from '../approvals/types.ts';
import type { Ports, SkillCard } from '../domain/ports.ts';
import type { Company, Json, Place, Principal, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Failpoint } from '../lib/failpoints.ts';
import type { Holder } from '../lib/holder.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Store } from '../store/open-store.ts';
import type { ToolRunner } from '../tools/tool-call.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Skill } from './define-skill.ts';

/** What runs of skills are made with. */
export interface EngineDeps {
  skills: readonly Skill[];
  /** How they are introduced, from their SKILL.md. */
  cards: readonly SkillCard[];
  store: Store;
  checkpoints: Checkpoints;
  /** Tools start skills and skills call tools: the rest of the house is asked for when a run needs it. */
  house(): SkillHouse;
  scopesOf(principal: Principal): readonly Scope[];
  /** The starter with the roles of now; null for somebody who is not a member any more. */
  starterNow(starter: Principal): Promise<Principal | null>;
  maxCustomers(tool: string): number | null;
  company: Company;
  clock: Clock;
  logger: Logger;
  pending: PendingWork;
  identity: Holder;
  newId(prefix: string): string;
  /** Where a crash matters; `failpoint` of lib/failpoints. */
  failpoint(name: Failpoint): void;
  audit(entry: {
    actor: string;
    action: string;
    subject: string;
    details: { [key: string]: Json };
  }): Promise<void>;
}

export interface SkillHouse {
  runner: Pick<ToolRunner, 'run'>;
  door: Pick<Door, 'get' | 'proposeBatch' | 'getBatch' | 'decideBatch'>;
  ports: Ports;
}

/** The end of a run that is told of where it was started. */
export interface ToldEnd {
  runId: string;
  skill: string;
  place: Place;
  starter: Principal;
  text: string;
}
