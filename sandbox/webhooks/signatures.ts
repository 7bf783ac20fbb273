import { createHmac } from 'node:crypto';

export type WebhookSystem = 'stripe' | 'psizero' | 'mail';

const HEADERS: Record<WebhookSystem, string> = {
  stripe: 'Stripe-Signature',
  psizero: 'PsiZero-Signature',
  mail: 'Psi-Mail-Signature',
};

/**
 * The header that proves a webhook is genuine: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, the same for all
 * systems. `at` is epoch milliseconds. Source: https://docs.stripe.com/webhooks#verify-manually
 */
export function signatureHeader(
  system: WebhookSystem,
  secret: string,
  body: string,
  at: number,
): { name: string; value: string } {
  const t = Math.floor(at / 1000);
  const v1 = createHmac('sha256', secret).update(`${t}.${body}`, 'utf8').digest('hex');
  return { name: HEADERS[system], value: `t=${t},v1=${v1}` };
}
