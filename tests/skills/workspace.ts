import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Approval, ApprovalState, Batch } from '../../src/approvals/types.ts';
import type { Place, Principal, Role } from '../../src/domain/types.ts';
import { SCOPES } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import type { Failpoint } from '../../src/lib/failpoints.ts';
import { newId } from '../../src/lib/ids.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { openCheckpoints } from '../../src/skills/checkpoints.ts';
import type { Skill } from '../../src/skills/define-skill.ts';
import type { EngineDeps, SkillHouse, ToldEnd } from '../../src/skills/engine.ts';
import { createSkillRuns, type SkillEngine } from '../../src/skills/skill-runs.ts';
import { openCheckpointFile } from '../../src/store/checkpoint-file.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { portsOver, smallWorld } from '../agent/world.ts';

export const NOON = Date.parse('2026-11-24T20:00:00Z');

export function person(userId: string, ...roles: Role[]): Principal {
  return { kind: 'user', teamId: 'T1', userId, name: userId, email: null, roles, tz: 'America/New_York' };
}

export const fay = person('fay', 'finance');
export const place: Place = {
  teamId: 'T1',
  channelId: 'C1',
  threadTs: '1.1',
  kind: 'channel',
  internalOnly: true,
};

/** Approvals as the door would have them, settled by the test. */
export class FakeDoor {
  readonly rows = new Map<string, Approval>();
  readonly batches = new Map<string, { batch: Batch; ids: string[] }>();
  proposals = 0;
  readonly listeners: ((approval: Approval) => Promise<void>)[] = [];

  add(id: string, over: Partial<Approval> = {}): Approval {
    const row = { ...approval(id), ...over };
    this.rows.set(id, row);
    return row;
  }

  /** What a decision or its carrying out would leave; told to whoever listens. */
  async settle(id: string, state: ApprovalState, over: Partial<Approval> = {}): Promise<void> {
    const row = this.rows.get(id) ?? this.add(id);
    const next = { ...row, state, settledAt: NOON, ...over, revision: row.revision + 1 };
    this.rows.set(id, next);
    for (const listener of this.listeners) await listener(next);
  }

  readonly door: SkillHouse['door'] = {
    get: async (id) => this.rows.get(id) ?? null,
    getBatch: async (id) => this.#current(id),
    proposeBatch: async ({ key, title, intro, tool, rows, requester }) => {
      this.proposals += 1;
      const id = `bat:${key}`;
      if (!this.batches.has(id)) {
        const ids = rows.map((input, index) => {
          const row = this.add(`${id}:${index}`, { tool, arguments: input, requester });
          return row.id;
        });
        const batch = {
          id,
          title,
          intro,
          requester,
          place,
          rows: [],
          refused: [],
          createdAt: NOON,
          revision: 1,
        };
        this.batches.set(id, { batch, ids });
      }
      const batch = this.#current(id);
      if (batch === null) throw new Error('no batch');
      return batch;
    },
    decideBatch: async ({ batchId, verdict }) => {
      const ids = this.batches.get(batchId)?.ids ?? [];
      for (const id of ids.filter((one) => this.rows.get(one)?.state === 'pending')) {
        await this.settle(id, verdict === 'reject' ? 'rejected' : 'applied');
      }
      return { status: 'recorded', say: '', batch: this.#current(batchId) };
    },
  };

  #current(id: string): Batch | null {
    const found = this.batches.get(id);
    if (!found) return null;
    const rows = found.ids.flatMap((rowId, row) => {
      let at = this.rows.get(rowId);
      while (at?.supersededBy) at = this.rows.get(at.supersededBy);
      return at ? [{ row, approval: at }] : [];
    });
    return { ...found.batch, rows };
  }
}

export function approval(id: string): Approval {
  return {
    id,
    tool: 'some_tool',
    arguments: {},
    state: 'pending',
    requester: fay,
    plan: {
      title: `Do ${id}`,
      subject: { kind: 'thing', id },
      customer: null,
      changes: [],
      touches: [],
      amount: null,
      policyAmount: null,
      reversible: { possible: false, how: '' },
      warnings: [],
      facts: {},
    },
    requirement: {
      approverRoles: ['finance'],
      approvals: 1,
      selfApproval: false,
      typedAmount: false,
      words: '',
    },
    decisions: [],
    policyVersion: '1',
    place,
    batch: null,
    supersededBy: null,
    outcome: null,
    canUndo: false,
    createdAt: NOON,
    expiresAt: NOON + 86_400_000,
    decidedAt: null,
    settledAt: null,
    revision: 1,
  };
}

export interface Process {
  engine: SkillEngine;
  store: Store;
  pending: PendingWork;
  told: ToldEnd[];
  /** The next failpoint of this name cuts the power. */
  dieAt: Failpoint | null;
  /** Cuts the power now. */
  die(): void;
}

/** One data folder on which processes come and go. */
export function openHouse(skills: readonly Skill[]) {
  const folder = mkdtempSync(join(tmpdir(), 'psi-skills-'));
  const clock = fixedClock(NOON);
  const ports = portsOver(smallWorld(), openStore(':memory:'));
  const outside = new FakeDoor();
  const gone = new Set<string>();
  const members = new Map<string, Principal>();
  const processes: Process[] = [];
  let count = 0;

  function begin(over: Partial<EngineDeps> = {}): Process {
    count += 1;
    const self = `host/${count}/x`;
    const store = openStore(join(folder, 'psi.db'));
    const file = openCheckpointFile(join(folder, 'psi-skills.db'));
    const pending = new PendingWork();
    const me: Process = {
      store,
      pending,
      told: [],
      dieAt: null,
      die: () => {
        gone.add(self);
        store.sqlite.close();
        file.close();
      },
      engine: createSkillRuns({
        skills,
        cards: [],
        store,
        checkpoints: openCheckpoints(file),
        house: () => ({
          door: outside.door,
          runner: { run: async () => Promise.reject(new Error('no tools here')) },
          ports,
        }),
        scopesOf: (who) => (who.roles.includes('viewer') ? ['metrics:read'] : SCOPES),
        starterNow: async (starter) => members.get(starter.userId) ?? starter,
        maxCustomers: () => 25,
        company: { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' },
        clock,
        logger: silentLogger,
        pending,
        identity: { name: self, isGone: (other) => gone.has(other) },
        newId,
        failpoint: (name) => {
          if (me.dieAt !== name) return;
          me.dieAt = null;
          me.die();
          throw new Error(`power cut at ${name}`);
        },
        audit: async () => undefined,
        ...over,
      }),
    };
    me.engine.onEnded(async (end) => {
      me.told.push(end);
    });
    outside.listeners.push(async (approval) => {
      if (store.sqlite.open) await me.engine.onApproval(approval);
    });
    processes.push(me);
    return me;
  }

  function close(): void {
    for (const process of processes) if (process.store.sqlite.open) process.die();
    rmSync(folder, { recursive: true, force: true });
  }
  return { begin, clock, outside, members, close };
}

export function request(skill: string, over: Partial<Parameters<SkillEngine['start']>[0]> = {}) {
  const signal = new AbortController().signal;
  return { skill, input: {}, principal: fay, place, key: 'k1', signal, ...over };
}
