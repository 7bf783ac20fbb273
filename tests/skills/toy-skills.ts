import { z } from 'zod';
import {
  defineSkill,
  type Skill,
  type SkillContext,
  type StepOutcome,
} from '../../src/skills/define-skill.ts';
import { defineTool } from '../../src/tools/define-tool.ts';

/** What steps have done outside, by their keys: a key twice is one deed, as with everything that is keyed. */
export class Deeds {
  readonly attempts: string[] = [];
  readonly done = new Set<string>();
  readonly takenBack: string[] = [];
  do(key: string): void {
    this.attempts.push(key);
    this.done.add(key);
  }
  /** The deeds of one run, as step names. */
  get steps(): string[] {
    return [...this.done].map((key) => key.split(':')[1] ?? '');
  }
}

const fakeTool = defineTool({
  name: 'some_tool',
  description: 'test',
  scope: 'billing:write',
  effect: 'consequential',
  movesMoney: false,
  input: z.strictObject({ id: z.string() }),
  examples: [{ say: 'do', input: { id: 'a' } }],
  recognize: () => [],
  plan: async () => Promise.reject(new Error('not planned here')),
  apply: async () => Promise.reject(new Error('not applied here')),
});

const SETTLED = new Set(['rejected', 'expired', 'applied', 'failed', 'undone', 'superseded']);

/** gather -> ask (parks on a, b) -> report. */
export function askingSkill(
  deeds: Deeds,
  over: Partial<Skill> & {
    during?: (step: string, ctx: SkillContext) => Promise<void>;
    asks?: string[];
  } = {},
): Skill {
  const { during = async () => undefined, asks = ['a', 'b'], ...rest } = over;
  const step = (
    name: string,
    run: (ctx: SkillContext) => Promise<StepOutcome>,
    more: Partial<Skill['steps'][number]> = {},
  ) => ({
    name,
    title: `Step ${name}`,
    run: async (_: unknown, ctx: SkillContext) => {
      deeds.do(ctx.key);
      await during(name, ctx);
      return run(ctx);
    },
    compensate: async () => {
      deeds.takenBack.push(name);
    },
    ...more,
  });
  return defineSkill({
    name: 'asking',
    scope: 'billing:read',
    input: z.strictObject({ many: z.int().optional() }),
    steps: [
      step('gather', async () => ({ kind: 'done', result: { found: 2 } })),
      step('ask', async (ctx) => {
        const batch = await ctx.proposeBatch({
          title: 'Ask',
          intro: '',
          tool: fakeTool,
          rows: asks.map((id) => ({ id })),
        });
        const states = batch.rows.map((row) => row.approval.state);
        const open = states.some((state) => !SETTLED.has(state));
        if (open && !ctx.waitIsOver) {
          const approvalIds = batch.rows.map((row) => row.approval.id);
          return { kind: 'park', approvalIds, words: 'Waits for you.' };
        }
        return { kind: 'done', result: { states } };
      }),
      step('report', async (ctx) => ({ kind: 'done', result: { after: Object.keys(ctx.done) } })),
    ],
    summarize: (done) => `Answers: ${String(done.ask?.states)}.`,
    ...rest,
  });
}
