declare const SHELL_VERSION: string;
declare const SHELL_PATHS: readonly string[];

interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface AskingEvent extends LastingEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Shell extends EventTarget {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = self as unknown as Shell;
const cacheName = `mcqueen-${SHELL_VERSION}`;

worker.addEventListener("install", (event) => {
  (event as LastingEvent).waitUntil(fillCache());
});

worker.addEventListener("activate", (event) => {
  (event as LastingEvent).waitUntil(dropOthers());
});

/** Only the page's own files are kept. What the computer answers about a person never is. */
worker.addEventListener("fetch", (event) => {
  const { request } = event as AskingEvent;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const path = pathname === "/pair" ? "/" : pathname;
  if (SHELL_PATHS.includes(path)) (event as AskingEvent).respondWith(fromCache(path, request));
});

async function fillCache(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll(SHELL_PATHS.map((path) => new Request(path, { cache: "reload" })));
  await worker.skipWaiting();
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? fetch(request);
}
