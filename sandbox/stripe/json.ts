/** What goes over the wire. A field that is `undefined` is left out. */
export type Json = null | boolean | number | string | undefined | Json[] | JsonObject;

export interface JsonObject {
  [field: string]: Json;
}

/** An object of the API: every one names its type; all but a few (lists, the balance) carry an id. */
export interface StripeObject extends JsonObject {
  object: string;
}

/** Stripe's instants are whole seconds. */
export function seconds(at: number): number {
  return Math.floor(at / 1000);
}

export function secondsOrNull(at: number | null): number | null {
  return at === null ? null : seconds(at);
}

/** `{amount: 5}` and not `null`, an array or a scalar. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
