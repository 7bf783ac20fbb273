import { z } from 'zod';
import type { BotProcess } from './bot-process.ts';
import { ControlError } from './errors.ts';

/** What the supervisor tells the sandbox over IPC. */
export const toSandboxSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bot'), pid: z.number().nullable() }),
  z.object({ type: z.literal('done'), id: z.number(), error: z.string().nullable() }),
]);

/** What the sandbox tells or asks the supervisor over IPC. */
export const toSupervisorSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), url: z.string(), smtp_url: z.string() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
  z.object({ type: z.enum(['kill', 'stop']), id: z.number() }),
  z.object({ type: z.literal('start_fresh'), id: z.number(), store: z.string().nullable() }),
]);

export type ToSandbox = z.infer<typeof toSandboxSchema>;
export type ToSupervisor = z.infer<typeof toSupervisorSchema>;

interface Channel {
  send(message: ToSupervisor): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The bot as the supervisor runs it; every request is answered by a `done`. */
export function supervisedBot(channel: Channel): BotProcess {
  const asked = new Map<number, { resolve(): void; reject(error: Error): void }>();
  let pid: number | null = null;
  let last = 0;

  channel.onMessage((raw) => {
    const parsed = toSandboxSchema.safeParse(raw);
    if (!parsed.success) return;
    if (parsed.data.type === 'bot') {
      pid = parsed.data.pid;
      return;
    }
    const waiter = asked.get(parsed.data.id);
    asked.delete(parsed.data.id);
    if (parsed.data.error === null) waiter?.resolve();
    else waiter?.reject(new ControlError(409, 'bot_failed', parsed.data.error));
  });

  function ask(request: (id: number) => ToSupervisor): Promise<void> {
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject });
      channel.send(request(id));
    });
  }

  return {
    pid: () => pid,
    async kill() {
      if (pid === null) return false;
      await ask((id) => ({ type: 'kill', id }));
      return true;
    },
    stop: () => ask((id) => ({ type: 'stop', id })),
    startFresh: (store) => ask((id) => ({ type: 'start_fresh', id, store })),
  };
}
