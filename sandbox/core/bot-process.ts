/** What the sandbox may ask of the process it plays the outside for. */
export interface BotProcess {
  pid(): number | null;
  /** kill -9, now; resolves once the process is gone. False when there is none. */
  kill(): Promise<boolean>;
  /** Ends the bot and keeps it down until `startFresh`. */
  stop(): Promise<void>;
  /** Removes the bot's store and starts it; resolves when it is ready. */
  startFresh(): Promise<void>;
}

/** For a sandbox whose bot is started by somebody else: nothing to kill, nothing to restart. */
export const unsupervisedBot: BotProcess = {
  pid: () => null,
  kill: async () => false,
  stop: async () => undefined,
  startFresh: async () => undefined,
};
