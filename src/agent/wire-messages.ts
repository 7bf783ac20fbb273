import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import type { WireMessage } from './state.ts';

/** The conversation in the model library's classes. */
export function toLangChain(messages: readonly WireMessage[], system: string | null): BaseMessage[] {
  const wire = messages.map((message): BaseMessage => {
    if (message.role === 'user') return new HumanMessage(message.text);
    if (message.role === 'tool') {
      return new ToolMessage({ content: message.content, tool_call_id: message.callId, name: message.tool });
    }
    return new AIMessage({
      content: message.text,
      tool_calls: message.calls.map((call) => ({
        id: call.id,
        name: call.tool,
        args: isRecord(call.input) ? call.input : {},
        type: 'tool_call' as const,
      })),
    });
  });
  return system === null ? wire : [new SystemMessage(system), ...wire];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
