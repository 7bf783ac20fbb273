import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages';
import { describeInstant } from '../domain/periods/describe-period.ts';
import { SystemError } from '../lib/errors.ts';
import type { Tool } from '../tools/define-tool.ts';
import { isBadRequest, ModelFailure } from './model-failure.ts';
import { askPatiently, realPatience } from './patience.ts';
import type { AgentDeps, TurnRuntime } from './runtime.ts';
import type { State } from './state.ts';
import { type BoundTool, toBoundTools } from './tool-schemas.ts';
import { subsetFor } from './tool-subset.ts';
import { toLangChain } from './wire-messages.ts';

const MAX_REPLY_LENGTH = 20_000;
const MAX_REPLY_CHUNKS = 8_000;
/** Where a server does not count tokens, a token is taken to be this many characters. */
const CHARACTERS_A_TOKEN = 4;

/**
 * The model's next words or calls, asked for again where that can help.
 * @throws ModelFailure; whatever stopped the turn.
 */
export async function askModel(state: State, deps: AgentDeps, runtime: TurnRuntime): Promise<AIMessageChunk> {
  const { model, request } = runtime;
  if (!model) throw new SystemError('internal', 'no model to ask');
  const tools = offeredTools(state, runtime);
  const messages = toLangChain(state.messages, systemPrompt(deps, runtime));
  const patience = deps.patience ?? realPatience;
  return await askPatiently(
    async (signal) => {
      if (model.refusesStrict) return await ask(runtime, messages, toBoundTools(tools, 'plain'), signal);
      try {
        return await ask(runtime, messages, toBoundTools(tools), signal);
      } catch (error) {
        // Some compatible servers do not take strict schemas: they are told of none from then on.
        if (!isBadRequest(error)) throw error;
        runtime.usage.calls += 1;
        runtime.usage.failures += 1;
        const reply = await ask(runtime, messages, toBoundTools(tools, 'plain'), signal);
        model.refusesStrict = true;
        return reply;
      }
    },
    {
      usage: runtime.usage,
      budget: runtime.budget,
      signal: request.signal,
      patience,
      onFailure: ({ kind, message }, attempt) =>
        deps.logger.warn({ turnId: request.turnId, kind, reason: message, attempt }, 'the model failed'),
    },
  );
}

/** What it is shown: by the subject of the message, and everything once it has looked for more in vain. */
function offeredTools(state: State, runtime: TurnRuntime): readonly Tool[] {
  const { request, permitted } = runtime;
  const tools = runtime.showAll || !state.utterance ? permitted : subsetFor(state.utterance, permitted);
  // Once strangers' words are in the turn, nothing that could act on them is within reach.
  const tainted = request.quoted !== undefined || state.records.some((record) => record.untrusted);
  const offered = tainted ? tools.filter((tool) => tool.effect === 'read') : tools;
  runtime.shown = { count: offered.length, all: tools.length === permitted.length };
  return offered;
}

/** The same text in every call of a turn, though the clock goes on. */
function systemPrompt(deps: AgentDeps, runtime: TurnRuntime): string {
  const { principal } = runtime.request;
  const scopes = deps.scopesOf(principal);
  const cards = deps.skills.skills().filter((card) => scopes.includes(card.scope));
  runtime.systemPrompt ??= deps.prompts({
    company: deps.company.name,
    asker: principal.name,
    roles: principal.roles.join(', '),
    now: describeInstant(deps.clock.now(), principal.tz),
    tz: principal.tz,
    currency: deps.company.currency,
    playbooks: cards.map((card) => `- ${card.name}: ${card.description}`).join('\n') || 'None.',
  });
  return runtime.systemPrompt;
}

/** One call, read to its end as a stream, so that one that breaks off is noticed. */
async function ask(
  { model, usage }: TurnRuntime,
  messages: BaseMessage[],
  tools: readonly BoundTool[],
  signal: AbortSignal,
): Promise<AIMessageChunk> {
  const chat = await model?.chat();
  if (!chat?.bindTools) throw new ModelFailure('refused', 'the model takes no tools');
  let reply: AIMessageChunk | null = null;
  let chunks = 0;
  try {
    const stream = await chat.bindTools([...tools]).stream(messages, { signal });
    for await (const chunk of stream) {
      reply = reply ? reply.concat(chunk) : chunk;
      chunks += 1;
      if (chunks > MAX_REPLY_CHUNKS || reply.text.length > MAX_REPLY_LENGTH)
        throw new ModelFailure('endless', 'the answer does not end');
    }
  } catch (error) {
    count(usage, reply, messages, tools);
    if (reply === null || error instanceof ModelFailure) throw error;
    throw new ModelFailure('cut', 'the stream broke off', null, { cause: error });
  }
  if (!reply) throw new ModelFailure('cut', 'the stream ended before it began');
  count(usage, reply, messages, tools);
  if (isCut(reply)) throw new ModelFailure('cut', 'the stream ended without a reason');
  return reply;
}

/** Adds what a call took; where the server did not say, by the length of what went to and fro. */
function count(
  usage: TurnRuntime['usage'],
  reply: AIMessageChunk | null,
  messages: readonly BaseMessage[],
  tools: readonly BoundTool[],
): void {
  if (reply === null) return;
  const told = reply.usage_metadata;
  const sent = messages.reduce((sum, message) => sum + message.text.length, JSON.stringify(tools).length);
  const said = reply.text.length + JSON.stringify(reply.tool_call_chunks ?? []).length;
  usage.inputTokens += told?.input_tokens || Math.ceil(sent / CHARACTERS_A_TOKEN);
  usage.outputTokens += told?.output_tokens || Math.ceil(said / CHARACTERS_A_TOKEN);
  usage.cachedTokens += told?.input_token_details?.cache_read ?? 0;
}

/** A server that streams says why it stopped; without a reason the connection went. */
function isCut(reply: AIMessageChunk): boolean {
  const reason: unknown = reply.response_metadata.finish_reason;
  return reply.response_metadata.model_provider === 'openai' && reason === undefined;
}
