import { END, START, StateGraph } from '@langchain/langgraph';
import { act } from './nodes/act.ts';
import { answer } from './nodes/answer.ts';
import { gate, MAX_ROUNDS } from './nodes/gate.ts';
import { plan } from './nodes/plan.ts';
import { prepare } from './nodes/prepare.ts';
import type { NodeContext } from './runtime.ts';
import { type State, TurnState } from './state.ts';

/**
 * prepare -> plan -> gate -> act -> plan ... -> answer. The node names are frozen.
 *
 * Nothing is checkpointed: what a thread must remember is in the transcript, and a turn that a crash cut off is
 * run again from the inbox, which is harmless because nothing consequential happens before the door.
 */
export function buildGraph(context: NodeContext) {
  return new StateGraph(TurnState)
    .addNode('prepare', (state: State) => prepare(state, context))
    .addNode('plan', (state: State) => plan(state, context))
    .addNode('gate', (state: State) => gate(state, context))
    .addNode('act', (state: State) => act(state, context))
    .addNode('answer', (state: State) => answer(state, context))
    .addEdge(START, 'prepare')
    .addEdge('prepare', 'plan')
    .addConditionalEdges('plan', afterPlan, ['gate', 'answer'])
    .addEdge('gate', 'act')
    .addConditionalEdges('act', afterAct, ['plan', 'answer'])
    .addConditionalEdges('answer', afterAnswer, ['plan', END])
    .compile();
}

function afterPlan(state: State): 'gate' | 'answer' {
  return state.requested.length > 0 ? 'gate' : 'answer';
}

/** A proposal ends the turn: its card speaks. So do rules, which have nothing to add to the results. */
function afterAct(state: State): 'plan' | 'answer' {
  if (state.mode === 'rules' || state.rounds >= MAX_ROUNDS) return 'answer';
  return state.records.some((record) => record.status === 'proposed') ? 'answer' : 'plan';
}

/** Sent back for unbacked figures: one more round. */
function afterAnswer(state: State): 'plan' | typeof END {
  return state.corrected && state.draft === '' ? 'plan' : END;
}
