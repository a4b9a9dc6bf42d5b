// Taking over what others do: at once while the page is quick, else with pauses in which it stays smooth.

const SHARE = 10;
const LONGEST_MS = 400;
const LIGHT_MS = 4;

/** Calls `take` with what came in, in order. After a showing that took the page long, the next waits `SHARE` times as long. */
export function paced<T>(take: (some: T[]) => void): { put(one: T): void; flush(): void } {
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
    if (cost > LIGHT_MS) restUntil = Math.max(restUntil, performance.now() + Math.min(SHARE * cost, LONGEST_MS));
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
