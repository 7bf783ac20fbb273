import type { z } from 'zod';
import type { Batch } from '../approvals/types.ts';
import type { Ports } from '../domain/ports.ts';
import type { Company, Json, Place, Principal, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Tool } from '../tools/define-tool.ts';
import type { ToolResult } from '../tools/tool-call.ts';

/**
 * A playbook: steps made of tools and domain steps, in a folder with its SKILL.md. A run survives a crash
 * between any two instructions: every step may run again, so whatever it does outside is keyed by `key`.
 */
export interface Skill<I extends z.ZodObject = z.ZodObject> {
  /** verb or noun in kebab case, the same as its folder. Frozen once released, as are the names of its steps. */
  name: string;
  /** The right to start it; what its steps do is checked again, tool by tool, with the starter's rights. */
  scope: Scope;
  input: I;
  steps: readonly SkillStep<z.output<I>>[];
  /** How long answers of people are waited for, in all; three days unless told. Steps have times of their own. */
  responseTimeoutMs?: number;
  /** What the run came to, for the thread and `/psi runs`. */
  summarize(done: StepResults): string;
}

export type StepResults = { readonly [step: string]: { readonly [key: string]: Json } };

export interface SkillStep<I> {
  name: string;
  /** Shown while it works: "Looking for overdue invoices". */
  title: string;
  /** One attempt may take this long; a minute unless told. Waiting for people does not count. */
  timeoutMs?: number;
  run(input: I, ctx: SkillContext): Promise<StepOutcome>;
  /** Takes back what the step has begun outside, when a person stops the run. May run again. */
  compensate?(input: I, ctx: SkillContext): Promise<void>;
}

/**
 * `park` waits until each of these approvals has settled; the step runs again then and finds their outcomes.
 * `words` says what is waited for, in a sentence or two.
 */
export type StepOutcome =
  | { kind: 'done'; result: { [key: string]: Json } }
  | { kind: 'park'; approvalIds: readonly string[]; words?: string };

export interface SkillContext extends Ports {
  runId: string;
  principal: Principal;
  place: Place;
  company: Company;
  clock: Clock;
  signal: AbortSignal;
  /** What earlier steps of this run came to. */
  done: StepResults;
  /** The same for every attempt at this step of this run. */
  key: string;
  /** The time for answers is over: what has not settled by now, or nobody knows, is not waited for again. */
  waitIsOver: boolean;
  /** How many customers the policy lets one requester touch with this tool in a day; null where it says nothing. */
  maxCustomers(tool: Tool): number | null;
  /** Calls a tool with the starter's rights, under policy and audit. */
  call(tool: Tool, input: { [key: string]: Json }): Promise<ToolResult>;
  /** One card, a row each; proposing again with the same key gives the same batch. */
  proposeBatch(batch: {
    title: string;
    intro: string;
    tool: Tool;
    rows: readonly { [key: string]: Json }[];
    /** The tool of each row, where they are not all of `tool`. */
    tools?: readonly Tool[];
  }): Promise<Batch>;
  getBatch(id: string): Promise<Batch | null>;
  /** Takes back every row that is still undecided, as whoever asked for it may. */
  withdrawBatch(id: string): Promise<void>;
}

/** A step as the engine holds it. */
export type AnyStep = Skill['steps'][number];

/** The erased form the registry holds. */
export function defineSkill<I extends z.ZodObject>(skill: Skill<I>): Skill {
  // A step only ever sees input that the skill's own schema has parsed: the one cast of this room.
  return skill as unknown as Skill;
}
