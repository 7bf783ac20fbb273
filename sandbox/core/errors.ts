import { ZodError } from 'zod';

/** A request of the control API that cannot be done; `status` is a 4xx. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ControlError';
    this.status = status;
    this.code = code;
  }
}

/** The sandbox cannot start like this; the message says what to change. */
export class StartError extends Error {
  override name = 'StartError';
}

/** What the control API answers for an error: a status and `{error: {code, message}}`. */
export function errorAnswer(error: unknown): {
  status: number;
  body: { error: { code: string; message: string } };
} {
  const answer = (status: number, code: string, message: string) => ({
    status,
    body: { error: { code, message } },
  });
  if (error instanceof ControlError) return answer(error.status, error.code, error.message);
  if (error instanceof ZodError) return answer(400, 'invalid_request', describeZod(error));
  if (!(error instanceof Error)) return answer(500, 'internal', String(error));
  const status = statusOf(error);
  if (status >= 400 && status < 500) return answer(status, codeOf(error), error.message);
  return answer(500, 'internal', error.message);
}

/** Every complaint of a schema in one line: `customer: expected string; percent: too big`. */
export function describeZod(error: ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ');
}

function statusOf(error: Error): number {
  if ('status' in error && typeof error.status === 'number') return error.status;
  if ('statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code.toLowerCase() : 'invalid_request';
}
