// Keeps a part of a page as it is on the server: asks every two seconds, stops while nobody looks.
"use strict";

(() => {
  const EVERY = 2000;
  const SOON = 300; // while somebody waits for what they just asked for
  const region = document.querySelector("[data-live]");
  if (!region) return;
  const status = document.querySelector("[data-live-status]");
  let tag = `"${region.dataset.liveTag || ""}"`;
  let timer;

  // A chart under the pointer is being read: it is left alone until the pointer has gone.
  const isBeingRead = () => "liveCalm" in region.dataset && region.matches(":hover, :focus-within");
  // A button that is replaced between press and release is never clicked.
  const isBeingPressed = () => region.querySelector("button:active, a:active, summary:active");

  async function look() {
    if (isBeingRead() || isBeingPressed()) return wait();
    try {
      const answer = await fetch(region.dataset.live, {
        credentials: region.dataset.liveAs || "omit", cache: "no-store", headers: { "If-None-Match": tag },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") return location.reload(); // logged out: to the log-in, and back
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") || tag;
        show(await answer.text());
      }
    } catch {
      // The network is away: the next look may find it again.
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    const pause = region.querySelector("[data-live-soon]") ? SOON : EVERY;
    if (!document.hidden) timer = setTimeout(look, pause);
  }

  // What has the focus keeps it, whatever takes its place: by where a link leads, or by what a button says.
  const called = (part) => part.getAttribute("href") || part.textContent;

  function show(html) {
    const before = region.querySelector("[data-answers]")?.dataset.answers;
    const focused = region.contains(document.activeElement) && called(document.activeElement);
    const folds = [...region.querySelectorAll("details[id]")].map((part) => [part.id, part.open]);
    region.innerHTML = html;
    for (const part of region.querySelectorAll("[data-for]")) {
      document.getElementById(part.dataset.for).innerHTML = part.innerHTML;
      part.remove();
    }
    folds.forEach(([id, isOpen]) => document.getElementById(id)?.toggleAttribute("open", isOpen));
    const focusable = [...region.querySelectorAll("a, button, summary")];
    if (focused) focusable.find((part) => called(part) === focused)?.focus({ preventScroll: true });
    const after = region.querySelector("[data-answers]")?.dataset.answers;
    if (status && after && after !== before) status.textContent = after;
    region.dispatchEvent(new CustomEvent("live", { bubbles: true }));
  }

  const SPANS = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];

  function tellTime() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.floor((Date.now() - new Date(time.dateTime)) / 1000);
      const [size, unit] = SPANS.find(([size]) => seconds >= size) || [1, ""];
      const n = Math.floor(seconds / size);
      time.textContent = unit ? `${n.toLocaleString("en")} ${unit}${n === 1 ? "" : "s"} ago` : "just now";
    }
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); look(); } });
  setInterval(tellTime, 1000);
  wait();
})();
