/** An answer in PostgREST's own shape of error. */
export class PostgrestError extends Error {
  readonly status: number;
  readonly body: { code: string; details: string | null; hint: string | null; message: string };

  constructor(
    status: number,
    code: string,
    message: string,
    details: string | null = null,
    hint: string | null = null,
  ) {
    super(message);
    this.name = 'PostgrestError';
    this.status = status;
    this.body = { code, details, hint, message };
  }
}

export const unknownColumn = (table: string, column: string) =>
  new PostgrestError(400, '42703', `column ${table}.${column} does not exist`);

export const unreadable = (what: string, text: string) =>
  new PostgrestError(
    400,
    'PGRST100',
    `"failed to parse ${what} (${text})" (line 1, column 1)`,
    `unexpected ${what}`,
  );
