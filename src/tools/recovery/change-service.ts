import type { EffectRunner } from '../../domain/approvals/plan.ts';
import type { ServiceLevel } from '../../domain/billing/gateways.ts';
import type { ToolContext } from '../define-tool.ts';

/** How a level is said of a customer. */
export const LEVEL_WORDS: Readonly<Record<ServiceLevel, string>> = {
  full: 'in full service',
  warned: 'warned in the product',
  throttled: 'throttled',
  read_only: 'read-only',
  suspended: 'suspended',
};

/** One keyed change of a customer's service at PsiZero, and its line in our own record. */
export async function changeService(
  change: { customerId: string; level: ServiceLevel; reason: string },
  ctx: Pick<ToolContext, 'recovery'>,
  effects: EffectRunner,
): Promise<void> {
  const { customerId, level, reason } = change;
  const done = async (key: string) => {
    await ctx.recovery.noteLevel({ id: key, customerId, level });
    return { outsideId: key, result: { level } };
  };
  await effects.perform({
    kind: level === 'full' ? 'service.restored' : 'service.restricted',
    system: 'psizero',
    request: { customer: customerId, level, reason },
    send: async (key) => {
      await ctx.recovery.service.setService({ customerId, level, reason, idempotencyKey: key });
      return done(key);
    },
    lookUp: async (key) => {
      const found = await ctx.recovery.service.getService(customerId);
      return found.lastKey === key ? done(key) : null;
    },
  });
}
