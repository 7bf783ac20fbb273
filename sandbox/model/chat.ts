import { z } from 'zod';

const contentSchema = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() })), z.null()])
  .optional();

const schemaNode = z.record(z.string(), z.unknown());

/** What an OpenAI client sends to `/v1/chat/completions`; only what the simulation looks at is checked. */
export const chatRequestSchema = z.looseObject({
  model: z.string().default('simulated'),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: contentSchema,
        tool_calls: z
          .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
          .nullish(),
      }),
    )
    .min(1),
  tools: z
    .array(
      z.looseObject({
        type: z.literal('function'),
        function: z.looseObject({
          name: z.string(),
          description: z.string().default(''),
          parameters: schemaNode.default({}),
        }),
      }),
    )
    .default([]),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});

export type ChatRequest = z.infer<typeof chatRequestSchema>;
export type ChatMessage = ChatRequest['messages'][number];
export type OfferedTool = ChatRequest['tools'][number]['function'];

/** One thing the simulated model does when it is asked. `arguments` is sent as it stands, broken or not. */
export interface ModelTurn {
  text?: string;
  toolCalls?: { name: string; arguments: string }[];
  error?: 429 | 500 | 'cut';
  /** Beside 429: the seconds it asks for; null for none, 1 unless told. */
  retryAfter?: number | null;
  finishReason?: 'length' | 'content_filter';
  /** Sends this many deltas without any content first. */
  emptyDeltas?: number;
}

export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => part.text ?? '').join('') : '';
}

/** The messages since the last thing a person said, and that itself. */
export function currentTurn(request: ChatRequest): { question: string; since: ChatMessage[] } {
  const last = request.messages.findLastIndex((message) => message.role === 'user');
  return { question: textOf(request.messages[last]), since: request.messages.slice(last + 1) };
}
