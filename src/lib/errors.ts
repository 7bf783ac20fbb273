/** The closed list of things that go wrong. Nothing else is ever shown to a person. */

export interface Choice {
  /** What the person sees on the button, 75 characters at most. */
  label: string;
  /** What is sent as the next message of the conversation when it is picked. */
  say: string;
}

/** Something the person can mend. `message` is a plain sentence; `hint` says what to do. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  constructor(
    readonly code: UserErrorCode,
    message: string,
    readonly hint?: string,
    /** Nearest things that would have worked, shown as buttons. */
    readonly choices: readonly Choice[] = [],
  ) {
    super(message);
  }
}

export type UserErrorCode =
  | 'invalid_input'
  | 'not_found'
  | 'ambiguous'
  | 'not_allowed'
  | 'wrong_audience'
  | 'not_connected'
  | 'not_ready'
  | 'conflict'
  | 'unsupported';

/** Ours or the outside's fault. The cause is logged under `referenceId`; the person gets only the id. */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  constructor(
    readonly code: SystemErrorCode,
    message: string,
    options?: { cause?: unknown; referenceId?: string },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.referenceId = options?.referenceId ?? newReferenceId();
  }
  readonly referenceId: string;
}

export type SystemErrorCode =
  | 'source_unavailable'
  | 'source_malformed'
  | 'timeout'
  | 'model_failed'
  | 'store_failed'
  | 'effect_unknown'
  | 'internal';

/** Bad configuration: refused at start, naming the variable or file and what to set. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/** A short id a person can read out; random, so that it reveals nothing. */
function newReferenceId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `ref-${[...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}
