import type { PeopleSettings } from '../domain/people/settings.ts';
import type { Company, Place, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Failpoint } from '../lib/failpoints.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { ApprovalRow } from '../store/approvals.ts';
import type { BatchRow } from '../store/batches.ts';
import { hasUnknownStep } from '../store/effects.ts';
import type { Store } from '../store/open-store.ts';
import type { ConsequentialTool, ToolContext } from '../tools/define-tool.ts';
import { Bench } from './bench.ts';
import type { PolicySource } from './policy-file.ts';
import { approvalFrom } from './rows.ts';
import type { Approval, NudgeListener } from './types.ts';

export interface DoorDeps {
  store: Store;
  clock: Clock;
  company: Company;
  policy: PolicySource;
  /** Undefined for a name that is no consequential tool. */
  tool(name: string): ConsequentialTool | undefined;
  contextFor(principal: Principal, place: Place): ToolContext;
  /** Everybody in a workspace with their roles as of now. */
  members(teamId: string): Promise<readonly Principal[]>;
  /** Who is away and who stands in for them. */
  settings: Pick<PeopleSettings, 'get'>;
  logger: Logger;
  pending: PendingWork;
  newId(prefix: string): string;
  /** Where a crash matters; `failpoint` of lib/failpoints. */
  failpoint(name: Failpoint): void;
}

/** A batch approved with one click must not reach the outside with all its rows at once. */
const APPLIED_AT_ONCE = 4;

/** What the door's parts share: the dependencies, who listens, and what this process is doing. */
export class House {
  readonly inFlight = new Set<string>();
  /** Batches being proposed by this process. */
  readonly batching = new Map<string, Promise<BatchRow>>();
  readonly bench = new Bench(APPLIED_AT_ONCE);
  readonly #listeners: ((approval: Approval) => Promise<void>)[] = [];
  readonly #nudgeListeners: NudgeListener[] = [];
  readonly #emitting = new Map<string, Promise<void>>();

  constructor(readonly deps: DoorDeps) {}

  onChange(listener: (approval: Approval) => Promise<void>): void {
    this.#listeners.push(listener);
  }

  onNudge(listener: NudgeListener): void {
    this.#nudgeListeners.push(listener);
  }

  approval(row: ApprovalRow): Approval {
    const approval = approvalFrom(row, this.deps.tool(row.tool)?.undo !== undefined);
    if (row.state !== 'applied') return approval;
    // A step taken after it was applied may be the one nobody can tell about.
    return { ...approval, canSettle: hasUnknownStep(this.deps.store, row.id) };
  }

  /** Tells the listeners, one change of a row after the other. Never rejects. */
  emit(row: ApprovalRow): Promise<void> {
    const before = this.#emitting.get(row.id) ?? Promise.resolve();
    const told = this.deps.pending.track(async () => {
      await before;
      await this.#tell(row.id, this.#listeners, (listener) => listener(this.approval(row)));
    });
    this.#emitting.set(row.id, told);
    void told.then(() => {
      if (this.#emitting.get(row.id) === told) this.#emitting.delete(row.id);
    });
    return told;
  }

  nudge(nudge: Parameters<NudgeListener>[0]): Promise<void> {
    return this.deps.pending.track(() =>
      this.#tell(nudge.approval.id, this.#nudgeListeners, (listener) => listener(nudge)),
    );
  }

  async #tell<L>(id: string, listeners: readonly L[], call: (listener: L) => Promise<void>): Promise<void> {
    for (const listener of listeners) {
      try {
        await call(listener);
      } catch (error) {
        this.deps.logger.error({ err: error, approval: id }, 'a listener of the approval door failed');
      }
    }
  }
}

/** The place of a row; only the three names are kept, so it is read as a channel that anybody may be in. */
export function placeOf(row: ApprovalRow): Place {
  return {
    teamId: row.team_id,
    channelId: row.channel_id,
    threadTs: row.thread_ts,
    kind: row.channel_id.startsWith('D') ? 'dm' : 'channel',
    internalOnly: false,
  };
}
