import type { ChatRequest, ModelTurn } from './chat.ts';

interface Identity {
  id: string;
  created: number;
  model: string;
}

const tokens = (text: string) => Math.ceil(text.length / 4);

function usage(request: ChatRequest, turn: ModelTurn) {
  const prompt = tokens(JSON.stringify(request.messages) + JSON.stringify(request.tools));
  const completion = tokens((turn.text ?? '') + JSON.stringify(turn.toolCalls ?? ''));
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

const calls = (identity: Identity, turn: ModelTurn) =>
  (turn.toolCalls ?? []).map((call, index) => ({
    id: `call_${identity.id.replace('chatcmpl-', '')}_${index}`,
    type: 'function' as const,
    function: call,
  }));

const finishReason = (turn: ModelTurn) =>
  turn.finishReason ?? (turn.toolCalls === undefined ? 'stop' : 'tool_calls');

/** The whole answer in one body. */
export function completionBody(request: ChatRequest, turn: ModelTurn, identity: Identity): unknown {
  return {
    ...identity,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: turn.text ?? null,
          ...(turn.toolCalls === undefined ? {} : { tool_calls: calls(identity, turn) }),
        },
        logprobs: null,
        finish_reason: finishReason(turn),
      },
    ],
    usage: usage(request, turn),
  };
}

/** The same answer as server-sent events, each line complete; text and arguments come in pieces. */
export function completionEvents(request: ChatRequest, turn: ModelTurn, identity: Identity): string[] {
  const event = (delta: unknown, finish: string | null = null, extra: object = {}) =>
    `data: ${JSON.stringify({
      ...identity,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...extra,
    })}\n\n`;

  const events = [event({ role: 'assistant', content: '' })];
  for (let sent = 0; sent < (turn.emptyDeltas ?? 0); sent += 1) events.push(event({}));
  for (const piece of pieces(turn.text ?? '')) events.push(event({ content: piece }));
  for (const [index, call] of calls(identity, turn).entries()) {
    events.push(event({ tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] }));
    for (const piece of pieces(call.function.arguments)) {
      events.push(event({ tool_calls: [{ index, function: { arguments: piece } }] }));
    }
  }
  events.push(event({}, finishReason(turn)));
  if (request.stream_options?.include_usage === true) {
    events.push(
      `data: ${JSON.stringify({
        ...identity,
        object: 'chat.completion.chunk',
        choices: [],
        usage: usage(request, turn),
      })}\n\n`,
    );
  }
  events.push('data: [DONE]\n\n');
  return events;
}

function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,24}/g) ?? [];
}
