/** A request as a room behind the HTTP server sees it: the server knows no room, and no room knows the server. */
export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: Readonly<Record<string, unknown>>;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came: signatures are over them. */
  body: Buffer;
}

export interface HttpAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
}

/** The header's only value; undefined when it is missing or given more than once. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
