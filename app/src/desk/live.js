// Reports on an open desk page that the list or the case has changed, and offers to reload it. It replaces nothing on the
// page, because the user may be typing. Hidden tabs close their stream.
const news = document.querySelector('.desk-news');
let source;

async function count() {
  const answer = await fetch('/api/queue_changes', {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: '{}',
  });
  const link = answer.ok && document.querySelector('nav a[href="/desk"]');
  if (link) link.textContent = link.textContent.replace(/\d+\s*$/, (await answer.json()).waiting);
}

function say(what) {
  const line = document.createElement('p');
  const link = document.createElement('a');
  link.href = news.dataset.here;
  link.textContent = news.dataset.refresh;
  line.append(news.dataset[what], ' ', link);
  news.replaceChildren(line);
}

function listen() {
  if (source || document.hidden) return;
  source = new EventSource(news.dataset.events);
  source.addEventListener('changed', ({ data }) => {
    // A change of the open case takes precedence over a change of the list.
    if (data === 'case' || !news.hasChildNodes()) say(data);
    count();
  });
}

function stop() {
  source?.close();
  source = undefined;
}

document.addEventListener('visibilitychange', () => (document.hidden ? stop() : listen()));
addEventListener('pagehide', stop);
addEventListener('pageshow', listen);
listen();
