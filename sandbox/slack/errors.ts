/** A refusal in Slack's own words: the body is `{ok: false, error: code, ...details}`. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** `invalid_blocks` and its like: every problem is named with its JSON pointer. */
export function withMessages(code: string, messages: readonly string[]): SlackError {
  return new SlackError(code, { response_metadata: { messages: messages.map((text) => `[ERROR] ${text}`) } });
}

/** A refusal of the control API: `{error: {code, message}}` with a 4xx. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
