// Keeps an open desk page up to date: the list is replaced when it has changed; a change of the open case is only reported,
// because the user may be typing. The head says when the data were last known to be right. Hidden tabs close their stream.
const news = document.querySelector('.desk-news');
const clock = document.querySelector('.desk-clock');
const mark = document.querySelector('.desk-mark');
const ahead = clock.dataset.now - Date.now();
let known = clock.textContent;
let source;

// The bank's time, UTC+08:00.
const time = () => new Date(Date.now() + ahead + 288e5).toISOString().slice(11, 16);

function tell(state) {
  if (state === 'live') known = time();
  mark.textContent = mark.dataset[state].replace('%', known);
  mark.classList.toggle('lost', state === 'lost');
}

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

const links = () => [...document.querySelectorAll('.desk-tabs a, .desk-list a')];

// Puts the list as it is now in the place of the old one. The focus stays on the link it was on, or on the one in its place.
async function renew() {
  const answer = await fetch(news.dataset.renew);
  if (!answer.ok || answer.redirected) return say('list');
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const place = links().indexOf(document.activeElement);
  const held = links()[place]?.getAttribute('href');
  for (const part of ['.desk-tabs', '.desk-list']) {
    const [old, fresh] = [document, page].map((of) => of.querySelector(part));
    if (old && fresh) old.replaceWith(fresh);
  }
  for (const row of document.querySelectorAll('.desk-list .row-link')) {
    const here = row.pathname === location.pathname;
    if (here) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
    row.closest('tr').classList.toggle('current', here);
  }
  if (place < 0) return;
  const fresh = links();
  const same = fresh.find((link) => link.getAttribute('href') === held);
  (same ?? fresh[Math.min(place, fresh.length - 1)])?.focus({ preventScroll: true });
}

function listen() {
  if (source || document.hidden) return;
  source = new EventSource(news.dataset.events);
  source.addEventListener('open', () => tell('live'));
  source.addEventListener('error', () => tell('lost'));
  source.addEventListener('changed', async ({ data }) => {
    if (data === 'case') say(data);
    await renew();
    tell('live');
    count();
  });
}

function stop() {
  source?.close();
  source = undefined;
}

setInterval(() => (clock.textContent = time()), 1000);
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : listen()));
addEventListener('pagehide', stop);
addEventListener('pageshow', listen);
listen();
