/** Runs tasks strictly one after the other; a failed one does not stop the next. */
export function oneAtATime(): { run<T>(task: () => Promise<T>): Promise<T>; busy(): boolean } {
  let tail: Promise<unknown> = Promise.resolve();
  let running = 0;
  return {
    run(task) {
      running += 1;
      const result = tail.then(task, task).finally(() => {
        running -= 1;
      });
      tail = result.catch(() => undefined);
      return result;
    },
    busy: () => running > 0,
  };
}
