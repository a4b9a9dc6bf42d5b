// Throttle for others' changes: at once while the page is quick, else with pauses in which it stays smooth.

const REST_FACTOR = 10;
const MAX_REST_MS = 400;
const CHEAP_MS = 4;

/** Calls `take` with what came in, in order. After a showing that took the page long, the next waits `REST_FACTOR` times as long. */
export function throttled<T>(take: (some: T[]) => void): { put(one: T): void; flush(): void } {
  let waiting: T[] = [];
  let restUntil = 0;
  let timer = 0;

  function flush(): void {
    clearTimeout(timer);
    timer = 0;
    if (!waiting.length) return;
    const some = waiting;
    waiting = [];
    const began = performance.now();
    take(some);
    afterPaint((painting) => rest(painting));
    rest(performance.now() - began);
  }

  function rest(cost: number): void {
    if (cost > CHEAP_MS) restUntil = Math.max(restUntil, performance.now() + Math.min(REST_FACTOR * cost, MAX_REST_MS));
  }

  return {
    put(one) {
      waiting.push(one);
      const left = restUntil - performance.now();
      if (left <= 0) flush();
      else timer ||= window.setTimeout(flush, left);
    },
    flush,
  };
}

/** Milliseconds that the next frame takes from its beginning until it is painted. */
function afterPaint(then: (cost: number) => void): void {
  requestAnimationFrame(() => {
    const began = performance.now();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(performance.now() - began);
    channel.port2.postMessage(null);
  });
}
