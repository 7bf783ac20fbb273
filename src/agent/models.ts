import type { BaseChatModel } from '@langchain/core/language_models/chat_models';

export interface ModelConfig {
  /** Null: rules mode, unless a base URL names a server that needs none. */
  apiKey: string | null;
  /** Any OpenAI-compatible endpoint, ending in /v1; null for OpenAI's own. */
  baseUrl: string | null;
  model: string;
}

export interface LanguageModel {
  name: string;
  /** The client, loaded when it is first asked: it takes half a second that rules mode need not wait. */
  chat(): Promise<BaseChatModel>;
  /** Its server does not take strict schemas: found out at the first call that it refuses. */
  refusesStrict?: boolean;
}

/** Which model answers, decided anew for each turn. Null is rules mode. */
export interface ModelSource {
  current(): LanguageModel | null;
}

export interface ModelSwitch extends ModelSource {
  /** The simulation's model while set; it wins over key and rules mode alike. */
  useModel(baseUrl: string | null): void;
}

/** They take no temperature. */
const REASONING = /^(?:o\d|gpt-5(?!-chat))/;
const CALL_TIMEOUT_MS = 45_000;

export function createModel(config: ModelConfig): LanguageModel | null {
  if (!config.apiKey && !config.baseUrl) return null;
  let loaded: Promise<BaseChatModel> | null = null;
  return {
    name: config.model,
    chat: () => {
      loaded ??= loadChat(config);
      return loaded;
    },
  };
}

async function loadChat(config: ModelConfig): Promise<BaseChatModel> {
  const { ChatOpenAI } = await import('@langchain/openai');
  return new ChatOpenAI({
    apiKey: config.apiKey ?? 'none',
    model: config.model,
    ...(REASONING.test(config.model) ? {} : { temperature: 0 }),
    timeout: CALL_TIMEOUT_MS,
    // Retrying is the turn's business: it knows what has been asked already.
    maxRetries: 0,
    maxTokens: 2_000,
    useResponsesApi: false,
    ...(config.baseUrl ? { configuration: { baseURL: config.baseUrl } } : {}),
  });
}

export function createModelSwitch(config: ModelConfig): ModelSwitch {
  const configured = createModel(config);
  let override: LanguageModel | null = null;
  return {
    current: () => override ?? configured,
    useModel(baseUrl) {
      override = baseUrl === null ? null : createModel({ apiKey: 'simulation', baseUrl, model: 'simulated' });
    },
  };
}
