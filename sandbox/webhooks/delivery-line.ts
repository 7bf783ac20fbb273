import { setTimeout as wait } from 'node:timers/promises';
import { drifted } from '../core/drift.ts';
import type { Fault, FaultKind, Faults } from '../core/types.ts';
import { signatureHeader, type WebhookSystem } from './signatures.ts';

export interface Delivery {
  system: WebhookSystem;
  path: string;
  id: string;
  body: string;
  order: number;
}

export interface DeliveryLineOptions {
  system: WebhookSystem;
  botUrl: string;
  secrets: Record<WebhookSystem, string>;
  faults: Faults;
  clock: { now(): number };
  /** Acknowledged or given up. */
  settled: (delivery: Delivery) => void;
}

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2_000;
const ANSWER_WITHIN_MS = 10_000;
/** How long a webhook that is to come late waits for one to overtake it. */
const OVERTAKEN_WITHIN_MS = 500;
const FAULTS = [
  'duplicate',
  'out_of_order',
  'drop_response',
  'malformed',
  'disconnect',
  'replay',
] as const satisfies FaultKind[];
/** A delivery that somebody recorded and sends again much later still carries its old time. */
const REPLAYED_AFTER_MS = 3_600_000;

type Outcome = 'acknowledged' | 'refused' | 'unanswered';

/** The webhooks of one system on their way to the bot, one at a time and in order. */
export class DeliveryLine {
  private readonly options: DeliveryLineOptions;
  private queue: Delivery[] = [];
  private running = false;
  private stop = new AbortController();

  constructor(options: DeliveryLineOptions) {
    this.options = options;
  }

  add(delivery: Delivery): void {
    this.queue.push(delivery);
    if (!this.running) void this.run(this.stop.signal);
  }

  pending(): number {
    return this.queue.length;
  }

  /** Forgets what is waiting and what is on its way. */
  readonly clear = (): void => {
    this.stop.abort();
    this.stop = new AbortController();
    this.queue = [];
    this.running = false;
  };

  private async run(signal: AbortSignal): Promise<void> {
    this.running = true;
    // A turn of the event loop, so that everything one change brings about is in the queue before the first leaves.
    await wait(0);
    while (!signal.aborted) {
      const delivery = await this.next(signal);
      if (delivery === undefined || signal.aborted) break;
      await this.deliver(delivery, signal);
      if (signal.aborted) return;
      this.queue = this.queue.filter((waiting) => waiting !== delivery);
      this.options.settled(delivery);
    }
    if (signal.aborted) return;
    this.running = false;
    // One may have come in while the last look at the queue found it empty.
    if (this.queue.length > 0) void this.run(signal);
  }

  /** The head of the queue; with a fault `out_of_order`, the one behind it. */
  private async next(signal: AbortSignal): Promise<Delivery | undefined> {
    const [head] = this.queue;
    if (head === undefined || this.plannedFault(head, ['out_of_order']) === null) return head;
    const until = Date.now() + OVERTAKEN_WITHIN_MS;
    while (this.queue.length < 2 && Date.now() < until && !signal.aborted) await wait(20);
    return this.queue[1] ?? head;
  }

  /** Resolves when the bot has it, has refused it for good, or the line was cleared. */
  private async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const planned = this.plannedFault(delivery, [
      'duplicate',
      'drop_response',
      'malformed',
      'disconnect',
      'replay',
    ]);
    const fault = planned?.kind ?? null;
    if (fault === 'disconnect') return;
    if (planned?.drift !== undefined) {
      await this.post({ ...delivery, body: drifted(delivery.body, planned.drift) }, null, signal);
      return;
    }
    if (fault === 'malformed') await this.post(delivery, broken(delivery.body), signal);
    if (fault === 'replay') await this.post(delivery, null, signal, REPLAYED_AFTER_MS);
    if (fault === 'drop_response') await this.post(delivery, null, signal);
    for (let pause = FIRST_RETRY_MS; !signal.aborted; pause = Math.min(2 * pause, LAST_RETRY_MS)) {
      const outcome = await this.post(delivery, null, signal);
      if (outcome === 'refused') return;
      if (outcome === 'acknowledged') {
        if (fault === 'duplicate') await this.post(delivery, null, signal);
        return;
      }
      await wait(pause, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  /** Signs the true body, as of now or so long ago, and sends it; or `forged` in its place, to be found out. */
  private async post(
    delivery: Delivery,
    forged: string | null,
    signal: AbortSignal,
    agoMs = 0,
  ): Promise<Outcome> {
    const { system, botUrl, secrets, clock } = this.options;
    const signature = signatureHeader(system, secrets[system], delivery.body, clock.now() - agoMs);
    try {
      const response = await fetch(`${botUrl}${delivery.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', [signature.name]: signature.value },
        body: forged ?? delivery.body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await response.arrayBuffer();
      if (response.ok) return 'acknowledged';
      if (!isFinal(response.status)) return 'unanswered';
      if (forged === null && agoMs === 0) report(delivery, response.status);
      return 'refused';
    } catch {
      return 'unanswered';
    }
  }

  private plannedFault(delivery: Delivery, kinds: readonly (typeof FAULTS)[number][]): Fault | null {
    const { faults, system } = this.options;
    if (faults.list().length === 0) return null;
    const target = `POST ${delivery.path} ${delivery.id} ${typeOf(delivery.body)}`;
    return faults.take(system, target, kinds);
  }
}

function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 409, 429].includes(status);
}

function report(delivery: Delivery, status: number): void {
  process.stderr.write(
    `webhook ${delivery.id} (${typeOf(delivery.body)}): the bot answered ${status}; given up\n`,
  );
}

/** Half of it: no longer JSON, and not what was signed. */
function broken(body: string): string {
  return body.slice(0, Math.floor(body.length / 2));
}

function typeOf(body: string): string {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? String(parsed.type) : '';
}
