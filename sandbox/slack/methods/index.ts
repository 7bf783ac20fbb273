import type { Method } from '../define-method.ts';
import { ASSISTANT_METHODS } from './assistant.ts';
import { AUTH_METHODS } from './auth.ts';
import { CHAT_METHODS } from './chat.ts';
import { CONVERSATION_METHODS } from './conversations.ts';
import { FILE_METHODS } from './files.ts';
import { OAUTH_METHODS } from './oauth.ts';
import { REACTION_METHODS } from './reactions.ts';
import { STREAM_METHODS } from './streams.ts';
import { USER_METHODS } from './users.ts';
import { VIEW_METHODS } from './views.ts';

/** Every Web API method this workspace knows; all others are `unknown_method`. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    ...ASSISTANT_METHODS,
    ...AUTH_METHODS,
    ...CHAT_METHODS,
    ...CONVERSATION_METHODS,
    ...FILE_METHODS,
    ...OAUTH_METHODS,
    ...REACTION_METHODS,
    ...STREAM_METHODS,
    ...USER_METHODS,
    ...VIEW_METHODS,
  ].map((method) => [method.name, method]),
);
