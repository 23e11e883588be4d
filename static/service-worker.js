/** Answers when the site is away, with what lib/offline.js has kept; while it is there, it is always asked. */

const PAGE = new URL("offline", self.registration.scope).href;

/** @param {Request} request */
async function kept(request) {
  const exact = await caches.match(request);
  // Whatever page was asked for: the one that guesses here is what can be shown.
  return exact ?? (request.mode === "navigate" ? await caches.match(PAGE) : undefined) ?? Response.error();
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(fetch(event.request).catch(() => kept(event.request)));
});
