import type { z } from 'zod';
import type { EffectRunner, Plan } from '../domain/approvals/plan.ts';
import type { Reading, Utterance } from '../domain/language/utterance.ts';
import type { Ports } from '../domain/ports.ts';
import type { Company, Exhibit, Json, Place, Principal, Receipt, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';

/** What a tool may reach. Everything that is not arithmetic comes through here. */
export interface ToolContext extends Ports {
  principal: Principal;
  place: Place;
  company: Company;
  clock: Clock;
  signal: AbortSignal;
  /** What the policy lets the asker see, where an answer leaves out what is not theirs rather than refuse. */
  scopes?: readonly Scope[];
  /** Names the message that led here, for what must be begun once however often it is worked on. */
  askedBy?: string;
}

export interface Example<I> {
  say: string;
  input: I;
}

/** A tool's output: data for the model and the views, with the receipt of how it came about. */
export interface ToolOutput {
  receipt: Omit<Receipt, 'queryId'>;
  /** Records shown, in order, so that "the second one" can be resolved. */
  listed?: { id: string; label: string; customerId?: string }[];
}

interface ToolBase<I extends z.ZodObject> {
  /** verb_noun; the file is the same in kebab case. */
  name: string;
  /** When to use it and when not: written for the model, read by help too. */
  description: string;
  scope: Scope;
  /**
   * What this very input needs beside `scope`: one customer's numbers are that customer's record. `held` is what the
   * asker may see, for an answer that leaves out what is not theirs: with it, whoever reads that answer needs the same.
   */
  furtherScopes?(input: z.output<I>, held: readonly Scope[]): readonly Scope[];
  input: I;
  /** The nouns it is about, singular, where those of its name and scope are too wide to show it by. */
  about?: readonly string[];
  /** Shown to a model whatever the message seems to be about. */
  alwaysOffered?: true;
  /** It answers what is still to come, which by itself nobody here knows. */
  foresees?: true;
  /** The first is shown in help and used by the registry test. */
  examples: readonly [Example<z.input<I>>, ...Example<z.input<I>>[]];
  /** Rules mode: what this sentence could mean as a call of this tool. Pure. */
  recognize(utterance: Utterance): Reading[];
}

interface OutputSide<O extends ToolOutput> {
  output: z.ZodType<O>;
  /** One plain sentence from the data: the rules-mode answer, the alt text, the check on the model's prose. */
  narrate(output: O): string;
  exhibits?(output: O): Exhibit[];
  /** What is compared when an answer is made again; the output without its receipt unless told. */
  figures?(output: O): unknown;
  /** Texts in the output that came from outside and must be treated as data. */
  untrusted?(output: O): boolean;
}

export interface ReadTool<I extends z.ZodObject = z.ZodObject, O extends ToolOutput = ToolOutput>
  extends ToolBase<I>,
    OutputSide<O> {
  effect: 'read';
  run(input: z.output<I>, ctx: ToolContext): Promise<O>;
}

export interface OwnTool<I extends z.ZodObject = z.ZodObject, O extends ToolOutput = ToolOutput>
  extends ToolBase<I>,
    OutputSide<O> {
  effect: 'own';
  /** What it begins may propose actions: it is guarded as a proposal is. */
  leadsToProposals?: true;
  /** Others may come to see what it changes: a model calls it only where the person's own words ask for it. */
  onlyWhenAsked?: true;
  run(input: z.output<I>, ctx: ToolContext): Promise<O>;
}

export interface ConsequentialTool<I extends z.ZodObject = z.ZodObject> extends ToolBase<I> {
  effect: 'consequential';
  /** Whether its effect is a sum of money, which the policy has bands for. */
  movesMoney: boolean;
  /** Reads fresh facts from the outside, then decides purely. Throws UserError when there is nothing to do. */
  plan(input: z.output<I>, ctx: ToolContext): Promise<Plan>;
  /** Runs only behind the door. */
  apply(plan: Plan, ctx: ToolContext, effects: EffectRunner): Promise<Applied>;
  undo?(applied: Applied, plan: Plan, ctx: ToolContext, effects: EffectRunner): Promise<Applied>;
}

export interface Applied {
  /** Said in the thread and on the card: "Refunded $120.00 to Acme Robotics." */
  summary: string;
  result: { [key: string]: Json };
}

/** Whether a call of this tool may end in a card for people to decide. */
export function mayPropose(tool: Tool): boolean {
  return tool.effect === 'consequential' || (tool.effect === 'own' && tool.leadsToProposals === true);
}

/** The erased form the registry holds; `defineTool` is the only place that erases. */
export type Tool = ReadTool | OwnTool | ConsequentialTool;

export function defineTool<I extends z.ZodObject, O extends ToolOutput>(tool: ReadTool<I, O>): ReadTool<I, O>;
export function defineTool<I extends z.ZodObject, O extends ToolOutput>(tool: OwnTool<I, O>): OwnTool<I, O>;
export function defineTool<I extends z.ZodObject>(tool: ConsequentialTool<I>): ConsequentialTool<I>;
/** The identity, for its types: a write without a plan does not compile. */
export function defineTool(tool: unknown): unknown {
  return tool;
}
