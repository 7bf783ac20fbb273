/** What cannot be done to the company's records, and why. `code` is one of Stripe's where Stripe has one. */
export class WorldError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'WorldError';
    this.code = code;
  }
}
