// The service worker: when the network does not answer, it shows the offline page. It keeps nothing but that page and its style
// sheet, because every other page holds somebody's data.
const kept = 'offline-PKG';
const style = '/PKG/lobby.css';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(['/offline', style])).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const others = (names) => Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(others).then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // A form that could not be sent is left to the browser, which can send it again.
  if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(fetch(request).catch(() => caches.match('/offline')));
  } else if (new URL(request.url).pathname === style) {
    event.respondWith(caches.match(style).then((found) => found ?? fetch(request)));
  }
});
