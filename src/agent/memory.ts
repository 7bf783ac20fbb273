import { z } from 'zod';
import type { PreviousCall } from '../domain/language/utterance.ts';
import type { Json } from '../domain/types.ts';
import type { Choice } from '../lib/errors.ts';
import { modelUsageSchema, noUsage } from './model-usage.ts';
import type { TranscriptEntry } from './runtime.ts';
import type { Offer } from './state.ts';
import type { Answer } from './turn.ts';

/** What a turn leaves in the transcript, beside the person's words. */
const assistantSchema = z.object({
  text: z.string(),
  calls: z.array(
    z.object({
      tool: z.string(),
      input: z.json(),
      listed: z.array(z.object({ id: z.string(), label: z.string(), customerId: z.string().optional() })),
    }),
  ),
  offers: z.array(
    z.object({ label: z.string(), say: z.string(), tool: z.string(), input: z.record(z.string(), z.json()) }),
  ),
  choices: z.array(z.object({ label: z.string(), say: z.string() })).default([]),
  proposals: z.array(z.string()),
  /** Calls that came to nothing: refused, or of a thing that does not exist. */
  refused: z.array(z.object({ tool: z.string(), input: z.json() })).default([]),
  usage: modelUsageSchema.default(noUsage),
  /** Of the prompts the model was asked with; null in rules mode. */
  promptHash: z.string().nullable().default(null),
});

const userSchema = z.object({ text: z.string() });

export type AssistantMemory = z.output<typeof assistantSchema>;

/** What a turn leaves behind besides its answer. */
export type TurnEnd = Omit<AssistantMemory, 'text' | 'calls' | 'choices'>;

/** One message of the thread. */
export interface Exchange {
  role: 'user' | 'assistant';
  text: string;
  userId: string | null;
  /** That the answer was made from. */
  tools: string[];
}

export interface ThreadMemory {
  previous: PreviousCall[];
  /** Choices of the newest answer. */
  offered: Offer[];
  /** The message that the offers of the newest answer are about, and its turn. */
  offeredFor: { turnId: string; text: string } | null;
  /** What the newest answer offered to say, in the order shown. */
  choices: Choice[];
  exchanges: Exchange[];
}

/** The transcript, oldest first, as the next turn needs it; an entry that cannot be read is left out. */
export function recall(entries: readonly TranscriptEntry[]): ThreadMemory {
  const memory: ThreadMemory = { previous: [], offered: [], offeredFor: null, choices: [], exchanges: [] };
  // A question and its answer may carry the same instant: which came first is not told by their order.
  const saidIn = new Map<string, string>();
  for (const entry of entries) {
    const said = entry.role === 'user' ? userSchema.safeParse(entry.content) : null;
    if (said?.success) saidIn.set(entry.turnId, said.data.text);
  }
  for (const entry of entries) {
    if (entry.role === 'user') {
      const parsed = userSchema.safeParse(entry.content);
      if (parsed.success)
        memory.exchanges.push({ role: 'user', text: parsed.data.text, userId: entry.userId, tools: [] });
      continue;
    }
    const parsed = assistantSchema.safeParse(entry.content);
    if (!parsed.success) continue;
    const { calls } = parsed.data;
    const tools = calls.map(({ tool }) => tool);
    memory.exchanges.push({ role: 'assistant', text: parsed.data.text, userId: null, tools });
    memory.previous.unshift(...calls.map((call) => ({ ...call, turnId: entry.turnId })));
    memory.offered = parsed.data.offers;
    const text = saidIn.get(entry.turnId);
    memory.offeredFor =
      text !== undefined && memory.offered.length > 0 ? { turnId: entry.turnId, text } : null;
    memory.choices = parsed.data.choices;
  }
  return memory;
}

/** Records kept for "the second one" are cut to what fits on a screen. */
export function remember(answer: Answer, calls: readonly PreviousCall[], turn: TurnEnd): Json {
  const memory: AssistantMemory = {
    ...turn,
    text: answer.text.slice(0, 2_000),
    calls: calls.map((call) => ({ tool: call.tool, input: call.input, listed: call.listed.slice(0, 25) })),
    choices: answer.choices,
  };
  return JSON.parse(JSON.stringify(memory));
}

export function readMemory(entry: TranscriptEntry | null): AssistantMemory | null {
  const parsed = assistantSchema.safeParse(entry?.content);
  return parsed.success ? parsed.data : null;
}
