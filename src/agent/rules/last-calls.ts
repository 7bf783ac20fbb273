import { says } from '../../domain/language/match-words.ts';
import type { PreviousCall, Utterance } from '../../domain/language/utterance.ts';
import type { Json } from '../../domain/types.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { asRecord } from './describe-input.ts';

type Input = { [key: string]: Json };

/** A call of the turn before, with its tool: what a short message goes on from. */
export interface LastCall {
  tool: Tool;
  input: Input;
  listed: PreviousCall['listed'];
}

/** What the newest turn that looked anything up called; proposals are never gone on from. */
export function lastCalls({ previous }: Utterance, tools: readonly Tool[]): LastCall[] {
  const [newest] = previous;
  if (!newest) return [];
  const sameTurn = previous.filter(
    (call, index) => index === 0 || (call.turnId !== undefined && call.turnId === newest.turnId),
  );
  return sameTurn.flatMap((call) => {
    const tool = tools.find(({ name }) => name === call.tool);
    if (!tool || mayPropose(tool)) return [];
    return [{ tool, input: asRecord(call.input), listed: call.listed }];
  });
}

export function takes(tool: Tool, ...fields: readonly string[]): boolean {
  return fields.every((field) => Object.hasOwn(tool.input.shape, field));
}

/** The tool that gives any number, over any period, broken down and compared. */
export function numbersTool(tools: readonly Tool[]): Tool | null {
  return tools.find((tool) => takes(tool, 'metric', 'period', 'compare', 'by', 'chart')) ?? null;
}

/** The tool that holds a figure somebody else has against the computed one. */
export function checkingTool(tools: readonly Tool[]): Tool | null {
  return tools.find((tool) => takes(tool, 'metric', 'claimed')) ?? null;
}

/** The numbers the last turn gave, as calls of the tool that gives numbers; empty where it gave none. */
export function lastNumbers(last: readonly LastCall[], tools: readonly Tool[]): LastCall[] {
  const numbers = numbersTool(tools);
  if (!numbers) return [];
  return last.flatMap((call) => {
    if (typeof call.input.metric !== 'string') return [];
    const kept = Object.entries(call.input).filter(([field]) => takes(numbers, field));
    return [{ tool: numbers, input: Object.fromEntries(kept), listed: call.listed }];
  });
}

/** Words of the company as a whole: what was narrowed to one customer is not any more. */
export function meansEverybody(utterance: Pick<Utterance, 'words'>): boolean {
  return says(
    utterance,
    'everyone',
    'everybody',
    'all customers',
    'overall',
    'in total',
    'the whole company',
    'company wide',
    'in general',
    'altogether',
  );
}
