// Keeps the offline page at hand (worker.js). Without service workers nothing is missing.
navigator.serviceWorker?.register('/sw.js').catch(() => {});
