import type { EffectRunner } from '../../domain/approvals/plan.ts';
import type {
  AskedDelivery,
  Delivery,
  DeliveryRoute,
  IssuedInvoice,
} from '../../domain/billing/delivery/ports.ts';
import { routeWords } from '../../domain/billing/delivery/route.ts';
import type { ToolContext } from '../define-tool.ts';

/**
 * Puts an issued invoice on its way, as a step of the approval that issued it: what is sent later is sent under that
 * step.
 */
export async function queueDelivery(
  issued: IssuedInvoice,
  ctx: ToolContext,
  effects: EffectRunner,
  asked: AskedDelivery = {},
): Promise<void> {
  const answer = (queued: Delivery) => ({ outsideId: queued.id, result: { id: queued.id } });
  await effects.perform({
    kind: 'invoice.delivery_queued',
    system: 'psi',
    request: { invoice: issued.id, number: issued.number },
    send: async (key) => answer(await ctx.deliveries.deliver(issued, key, asked)),
    lookUp: async (key) => {
      const queued = await ctx.deliveries.queued(key);
      return queued && answer(queued);
    },
  });
}

/** For the card: who gets it, and when. */
export function deliveryTouch(route: DeliveryRoute): string {
  return `The invoice goes to ${routeWords(route)}, ${route.timeWords}`;
}

export function deliveryWarnings({ hindrance }: DeliveryRoute): string[] {
  return hindrance === null ? [] : [`It will not reach them: ${hindrance}.`];
}
