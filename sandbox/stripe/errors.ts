import type { JsonObject } from './json.ts';

export type StripeErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

/** An answer that is an error, with the body Stripe gives: `{error: {type, code, message, param, doc_url, ...}}`. */
export class StripeFault extends Error {
  readonly status: number;
  readonly type: StripeErrorType;
  readonly fields: JsonObject;

  constructor(status: number, type: StripeErrorType, message: string, fields: JsonObject = {}) {
    super(message);
    this.name = 'StripeFault';
    this.status = status;
    this.type = type;
    this.fields = fields;
  }

  /** `request_log_url` points, as Stripe's does, at the request in the dashboard. */
  body(requestId: string): JsonObject {
    const code = this.fields.code;
    return {
      error: {
        ...this.fields,
        doc_url:
          typeof code === 'string'
            ? `https://stripe.com/docs/error-codes/${code.replace(/_/g, '-')}`
            : undefined,
        message: this.message,
        request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}?t=0`,
        type: this.type,
      },
    };
  }
}

export function invalidRequest(message: string, fields: JsonObject = {}, status = 400): StripeFault {
  return new StripeFault(status, 'invalid_request_error', message, fields);
}

/** 404 when the path names it, 400 when a parameter does. */
export function noSuch(thing: string, id: string, param = 'id'): StripeFault {
  return invalidRequest(
    `No such ${thing}: '${id}'`,
    { code: 'resource_missing', param },
    param === 'id' ? 404 : 400,
  );
}

export function parameterMissing(param: string): StripeFault {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

export function unrecognizedUrl(method: string, path: string): StripeFault {
  return invalidRequest(
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    {},
    404,
  );
}

const DECLINES: Record<string, { code: string; message: string }> = {
  expired_card: { code: 'expired_card', message: 'Your card has expired.' },
  incorrect_cvc: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  processing_error: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  insufficient_funds: { code: 'card_declined', message: 'Your card has insufficient funds.' },
  card_not_supported: { code: 'card_declined', message: 'Your card does not support this type of purchase.' },
};

/** The code and the sentence Stripe gives for a decline; most are `card_declined`, "Your card was declined." */
export function declineReason(declineCode: string): { code: string; message: string } {
  return DECLINES[declineCode] ?? { code: 'card_declined', message: 'Your card was declined.' };
}

export function cardDeclined(declineCode: string, fields: JsonObject): StripeFault {
  const { code, message } = declineReason(declineCode);
  return new StripeFault(402, 'card_error', message, { ...fields, code, decline_code: declineCode });
}
