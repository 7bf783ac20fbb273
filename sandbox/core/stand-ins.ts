import type { FastifyInstance } from 'fastify';
import type { World } from '../world/records.ts';
import type { Anchor } from './anchor.ts';
import type { Sandbox, WebhookDeliverer } from './types.ts';

/** What the sandbox needs to know of its Slack. */
export interface SlackSide {
  /** Deliveries, clicks and commands not acknowledged, and streams still open. */
  pending(): number;
  botUserId(): string;
  users(): unknown[];
  channels(): unknown[];
  /** Calls `listener` at every change that a person looking at Slack would see. */
  watch(listener: (change: unknown) => void): void;
}

/** What exists before there is a world. */
export type SandboxParts = Omit<Sandbox, 'world' | 'webhooks'>;

/** The systems around the bot, given by the composition root so that the core knows none of them. */
export interface StandIns {
  /** The history up to the anchor and, from `parts.keep`, all that happened since; `clock` tells the time. */
  createWorld(anchor: Anchor, parts: SandboxParts, clock: { now(): number }): World;
  createWebhooks(parts: SandboxParts, clock: { now(): number }): WebhookDeliverer;
  applyCompanyEvent(sandbox: Sandbox, body: unknown): { id: string };
  register(app: FastifyInstance, sandbox: Sandbox, origin: () => string): Promise<SlackSide>;
}
