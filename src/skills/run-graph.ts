import { Annotation, Command, END, interrupt, START, StateGraph } from '@langchain/langgraph';
import type { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { z } from 'zod';
import { SystemError } from '../lib/errors.ts';
import type { AnyStep, Skill, StepOutcome, StepResults } from './define-skill.ts';

/** What is checkpointed: plain JSON. `waits` are the approvals the step in hand waits for. */
const RunState = Annotation.Root({
  done: Annotation<StepResults>,
  waits: Annotation<string[]>,
  waitIsOver: Annotation<boolean>,
});

const answerSchema = z.object({ waitIsOver: z.boolean() });

/** Where a run stands, as its newest checkpoint has it. */
export type Position =
  | { at: 'start' }
  | { at: 'step' }
  | { at: 'waiting'; interruptId: string; approvalIds: string[] }
  | { at: 'end'; done: StepResults };

export interface RunGraph {
  position(): Promise<Position>;
  /** Runs from where it stands until it waits or ends. Throws what a step throws. */
  advance(from: Position, waitIsOver: boolean): Promise<void>;
}

type Work = (step: AnyStep, done: StepResults, waitIsOver: boolean) => Promise<StepOutcome>;

const WAITING = '.waits';

/**
 * The steps as the nodes of a graph, in their order. Each has a second node in which it waits for people: that one
 * does nothing but interrupt, so that nothing with an effect stands before the interrupt and is run again by it.
 * Node names are the frozen names of the steps.
 */
export function buildRunGraph(skill: Skill, saver: SqliteSaver, thread: string, work: Work): RunGraph {
  type State = typeof RunState.State;
  const nodes: Record<string, (state: State) => Promise<Partial<State>>> = {};
  for (const step of skill.steps) {
    nodes[step.name] = async (state) => {
      const outcome = await work(step, state.done, state.waitIsOver);
      if (outcome.kind === 'park') return { waits: [...outcome.approvalIds], waitIsOver: false };
      return { done: { ...state.done, [step.name]: outcome.result }, waits: [], waitIsOver: false };
    };
    nodes[`${step.name}${WAITING}`] = async (state) => {
      const answer = answerSchema.parse(interrupt({ approvalIds: state.waits }));
      return { waits: [], waitIsOver: answer.waitIsOver };
    };
  }
  const graph = new StateGraph(RunState).addNode(nodes);
  graph.addEdge(START, skill.steps[0]?.name ?? END);
  skill.steps.forEach((step, index) => {
    const next = skill.steps[index + 1]?.name ?? END;
    const room = `${step.name}${WAITING}`;
    graph.addConditionalEdges(step.name, (state) => (state.waits.length > 0 ? room : next), [room, next]);
    graph.addEdge(room, step.name);
  });
  const compiled = graph.compile({ checkpointer: saver });
  // Each checkpoint is on disk before the next step begins.
  const config = { configurable: { thread_id: thread }, durability: 'sync' as const, recursionLimit: 500 };

  return {
    async position() {
      const snapshot = await compiled.getState(config);
      const [pending] = snapshot.tasks.flatMap((task) => task.interrupts);
      if (pending !== undefined) {
        const { approvalIds } = z.object({ approvalIds: z.array(z.string()) }).parse(pending.value);
        if (pending.id === undefined) throw new SystemError('internal', 'an interrupt without an id');
        return { at: 'waiting', interruptId: pending.id, approvalIds };
      }
      if (snapshot.next.length > 0) return { at: 'step' };
      const { done } = z
        .object({ done: z.record(z.string(), z.record(z.string(), z.json())).optional() })
        .parse(snapshot.values);
      return done === undefined ? { at: 'start' } : { at: 'end', done };
    },
    async advance(from, waitIsOver) {
      if (from.at === 'end') return;
      if (from.at === 'waiting') {
        // By its id: a bare resume would answer whatever is pending.
        await compiled.invoke(new Command({ resume: { [from.interruptId]: { waitIsOver } } }), config);
      } else {
        await compiled.invoke(
          from.at === 'start' ? { done: {}, waits: [], waitIsOver: false } : null,
          config,
        );
      }
    },
  };
}
