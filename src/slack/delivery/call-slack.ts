import {
  LogLevel,
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';

/** A token, or where the current one is to be had: tokens that rotate are asked for at every call. */
export type TokenSource = string | (() => Promise<string>);

/** No retries of its own: a lost answer must be looked up, not repeated, or a message appears twice. */
export function createDeliveryClient(token: TokenSource | null, apiUrl: string | null): WebClient {
  const options: WebClientOptions = {
    ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    timeout: 10_000,
  };
  if (typeof token === 'function') return new RotatingClient(token, options);
  return new WebClient(token ?? undefined, options);
}

class RotatingClient extends WebClient {
  constructor(
    private readonly currentToken: () => Promise<string>,
    options: WebClientOptions,
  ) {
    super(undefined, options);
  }

  override async apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    return super.apiCall(method, { ...options, token: await this.currentToken() });
  }
}

const MAX_WAITS = 8;

/** Calls Slack, waiting as long as Slack asks when it limits the rate: refused calls had no effect. */
export async function waitingForRate<T>(call: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof WebAPIRateLimitedError) || waits >= MAX_WAITS) throw error;
      await sleep(Math.max(error.retryAfter, 1) * 1000);
    }
  }
}

/** For calls that may be made twice without harm: updates, views, statuses, reads. */
export async function repeatable<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await waitingForRate(call);
    } catch (error) {
      if (!isAnswerLost(error) || attempt >= 3) throw error;
      await sleep(150 * 2 ** attempt);
    }
  }
}

/** True when nobody knows whether Slack did what it was asked. */
export function isAnswerLost(error: unknown): boolean {
  return error instanceof WebAPIRequestError || error instanceof WebAPIHTTPError;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
