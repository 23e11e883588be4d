// Keeps a part of a page as it is on the server: asks every two seconds, stops while nobody looks.
"use strict";

(() => {
  const EVERY = 2000;
  const region = document.querySelector("[data-live]");
  if (!region) return;
  const status = document.querySelector("[data-live-status]");
  let tag = `"${region.dataset.liveTag || ""}"`;
  let timer;

  // A chart under the pointer is being read: it is left alone until the pointer has gone.
  const isBeingRead = () => "liveCalm" in region.dataset && region.matches(":hover, :focus-within");

  async function look() {
    if (isBeingRead()) return wait();
    try {
      const answer = await fetch(region.dataset.live, {
        credentials: region.dataset.liveAs || "omit", cache: "no-store", headers: { "If-None-Match": tag },
      });
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
    if (!document.hidden) timer = setTimeout(look, EVERY);
  }

  function show(html) {
    const before = region.querySelector("[data-answers]")?.dataset.answers;
    const focused = region.contains(document.activeElement) && document.activeElement.getAttribute("href");
    const open = [...region.querySelectorAll("details[open][id]")].map((part) => part.id);
    region.innerHTML = html;
    for (const part of region.querySelectorAll("[data-for]")) {
      document.getElementById(part.dataset.for).innerHTML = part.innerHTML;
      part.remove();
    }
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focused) [...region.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus();
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
