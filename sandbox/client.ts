/** A typed client of the control API: for tests, evals, benchmarks, and anyone testing a Slack bot of their own. */

export interface SandboxUser {
  id: string;
  name: string;
  email: string;
  role: string;
  tz: string;
  is_guest: boolean;
}

/** Somebody new (with a name), or a change of somebody known (by id). */
export interface SandboxUserChange {
  id?: string;
  name?: string;
  role?: string;
  tz?: string;
  email?: string;
}

export interface SandboxState {
  now: string;
  users: SandboxUser[];
  channels: { id: string; name: string; type: string; members: string[]; is_ext_shared: boolean }[];
  bot: { user_id: string; pid: number | null };
  company: { name: string; customers: number; currency: string; tz: string };
}

export interface SandboxBlock {
  type: string;
  block_id?: string;
  text?: { text: string };
  elements?: { type: string; action_id?: string; value?: string; text?: { text: string } }[];
  [key: string]: unknown;
}

export interface SandboxMessage {
  ts: string;
  thread_ts?: string | null;
  user: string;
  is_bot: boolean;
  text: string;
  blocks: SandboxBlock[];
  files?: { id: string; name: string; title: string; mimetype: string; alt_txt?: string }[];
  ephemeral_to?: string | null;
  streaming: boolean;
  plain: string;
}

export interface SandboxEffect {
  n: number;
  at: string;
  system: string;
  kind: string;
  key: string | null;
  customer: string | null;
  amount_minor: number | null;
  currency: string | null;
  payload: unknown;
}

export interface Truth {
  value: number | null;
  unit: string;
  minor?: number;
  currency?: string;
  rows: number;
  groups?: Record<string, number>;
}

export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Query = Record<string, string | number | undefined>;

export class SandboxClient {
  constructor(readonly origin: string) {}

  state = () => this.get<SandboxState>('/sandbox/state');
  /** A new world, once the bot's first start in it is over: waited for, it is kept, and the next reset to it is quick. */
  reset = async (world: { seed?: number; now?: string; scale?: number } = {}) => {
    await this.post('/sandbox/reset', world);
    await this.wait(60_000);
  };
  putUser = async (user: SandboxUserChange) =>
    (await this.post<{ user: SandboxUser & { dm: string } }>('/sandbox/users', user)).user;
  say = (message: { user: string; channel?: string; dm?: true; text: string; thread_ts?: string }) =>
    this.post<{ channel: string; ts: string }>('/sandbox/messages', message);
  messages = async (query: { channel: string; thread_ts?: string; after?: string; viewer?: string }) =>
    (await this.get<{ messages: SandboxMessage[] }>('/sandbox/messages', query)).messages;
  wait = (timeoutMs = 30_000) => this.get<{ idle: true }>('/sandbox/wait', { timeout_ms: timeoutMs });
  /** In a message, or with `view_id` in App Home or a form. */
  click = (click: {
    user: string;
    channel?: string;
    message_ts?: string;
    view_id?: string;
    action_id: string;
    block_id?: string;
    value?: string;
  }) => this.post<{ ok: boolean; opened_view_id?: string }>('/sandbox/actions', click);
  submit = (form: { user: string; view_id: string; values: Record<string, Record<string, unknown>> }) =>
    this.post<{ ok: boolean; errors?: Record<string, string> }>('/sandbox/views/submit', form);
  views = (user: string, open?: 'home') =>
    this.get<{ home: Record<string, unknown> | null; modals: Record<string, unknown>[] }>('/sandbox/views', {
      user,
      open,
    });
  stop = (stop: { user: string; channel?: string; thread_ts: string }) => this.post('/sandbox/stop', stop);
  shortcut = (shortcut: { user: string; callback_id: string; channel?: string; message_ts?: string }) =>
    this.post<{ ok: boolean; opened_view_id?: string }>('/sandbox/shortcuts', shortcut);
  command = (command: { user: string; channel: string; command: string; text: string }) =>
    this.post<{ ok: boolean; response: string }>('/sandbox/commands', command);
  clock = (change: { now: string } | { advance: string }) =>
    this.post<{ now: string }>('/sandbox/clock', change);
  event = (event: { type: string; [key: string]: unknown }) =>
    this.post<{ id: string }>('/sandbox/company/events', event);
  fault = (fault: { system: string; kind: string; match?: string; count?: number; ms?: number }) =>
    this.post<{ id: string }>('/sandbox/faults', fault);
  clearFaults = () => this.request('DELETE', '/sandbox/faults');
  kill = (at?: string) => this.post('/sandbox/kill', at ? { at } : {});
  failpoints = () => this.get<{ failpoints: string[] }>('/sandbox/failpoints');
  effects = async (since = 0) =>
    (await this.get<{ effects: SandboxEffect[] }>('/sandbox/effects', { since })).effects;
  mail = async () =>
    (
      await this.get<{
        messages: {
          id: string;
          at: string;
          to: string[];
          subject: string;
          text: string;
          html: string | null;
          attachments: { file_name: string; content_type: string; bytes: number }[];
        }[];
      }>('/sandbox/mail')
    ).messages;
  /** From now on mail to this address comes back. */
  mailbox = (gone: { address: string; status?: string }) => this.post('/sandbox/mail/bounces', gone);
  truth = (query: string, parameters: Query = {}) =>
    this.get<Truth>('/sandbox/truth', { query, ...parameters });
  pick = (query: 'customer' | 'invoice' | 'competitor', kind?: string) =>
    this.get<Record<string, unknown>>('/sandbox/truth', { query, kind });
  model = (model: unknown) => this.post('/sandbox/model', model);

  get<T>(path: string, query: Query = {}): Promise<T> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.set(name, String(value));
    const suffix = search.size > 0 ? `?${search}` : '';
    return this.request<T>('GET', `${path}${suffix}`);
  }

  post<T = unknown>(path: string, body: unknown): Promise<T> {
    return this.request<T>('POST', path, body);
  }

  /** Throws SandboxError with the server's code and sentence. */
  private async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: { code: string; message: string } };
    if (!response.ok) {
      const { code, message } = answer.error ?? { code: 'unknown', message: JSON.stringify(answer) };
      throw new SandboxError(response.status, code, `${method} ${path}: ${message}`);
    }
    return answer;
  }
}
