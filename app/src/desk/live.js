// Keeps an open desk page up to date: the list is replaced when it has changed; a change of the open case is only reported,
// because the user may be typing. The head says when the data were last known to be right. Hidden tabs close their stream.
const news = document.querySelector('.desk-news');
const clock = document.querySelector('.desk-clock');
const mark = document.querySelector('.desk-mark');
const ahead = clock.dataset.now - Date.now();
let known = clock.textContent;
let source;
let turn = 0;

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

// Puts what differs in the place of the old list, not while a link of it is pressed. The focus stays on its link or goes to the
// one in its place. Says whether the list is right now; null if a later call answers that.
async function renew() {
  const own = (turn += 1);
  const answer = await fetch(news.dataset.renew).catch(() => null);
  const text = answer?.ok && !answer.redirected && (await answer.text().catch(() => ''));
  while (document.querySelector('.desk-list :active')) await new Promise((then) => setTimeout(then, 99));
  if (own !== turn) return null;
  if (!text) return false;
  const page = new DOMParser().parseFromString(text, 'text/html');
  const place = links().indexOf(document.activeElement);
  const held = links()[place]?.href;
  for (const part of ['.desk-tabs', '.desk-alarm', '.desk-list']) {
    const [old, fresh] = [document, page].map((of) => of.querySelector(part));
    const by = part === '.desk-tabs' ? 'outerHTML' : 'textContent';
    if (old && fresh && old[by] !== fresh[by]) old.replaceWith(fresh);
  }
  if (location.pathname.startsWith('/desk/cases/')) {
    for (const row of document.querySelectorAll('.desk-list .row-link')) {
      const here = row.pathname === location.pathname;
      if (here) row.setAttribute('aria-current', 'true');
      else row.removeAttribute('aria-current');
      row.closest('tr').classList.toggle('current', here);
    }
  }
  const fresh = links();
  const kept = fresh.find((link) => link.href === held) ?? fresh[Math.min(place, fresh.length - 1)];
  if (place >= 0) kept?.focus({ preventScroll: true });
  return true;
}

// Each minute what the list says of the time left changes.
async function tick() {
  const right = await renew();
  if (right !== null) tell(right ? 'live' : 'lost');
}

function listen() {
  if (source || document.hidden) return;
  source = new EventSource(news.dataset.events);
  source.addEventListener('open', () => tell('live'));
  source.addEventListener('error', () => tell('lost'));
  source.addEventListener('changed', async ({ data }) => {
    if (data === 'case') say(data);
    if ((await renew()) === false) say('list');
    tell('live');
    count();
  });
}

function stop() {
  source?.close();
  source = undefined;
}

setInterval(() => {
  const now = time();
  if (source && 'ticks' in news.dataset && clock.textContent !== now) tick();
  clock.textContent = now;
}, 1000);
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : listen()));
addEventListener('pagehide', stop);
addEventListener('pageshow', listen);
listen();
