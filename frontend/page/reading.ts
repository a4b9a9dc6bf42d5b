// A text counts as read once its end was reached. What fits on the screen at once has no end to reach: it counts when it was
// looked at for a while.
import htmx from "htmx.org";

const A_LOOK = 15_000;

for (const end of document.querySelectorAll<HTMLElement>("[data-reached]")) {
  let looking = 0;
  const reach = () => {
    if (end.isConnected) htmx.trigger(end, "reached", {});
  };
  new IntersectionObserver(([seen], observer) => {
    clearTimeout(looking);
    if (!seen?.isIntersecting) return;
    if (window.scrollY === 0) looking = window.setTimeout(reach, A_LOOK);
    else {
      observer.disconnect();
      reach();
    }
  }).observe(end);
}
