// Warns in a dialog before the session ends. Another tab may have extended the session in the meantime, so the script asks
// the server first; that request is not activity.
const box = document.querySelector('.session');
const dialog = box.querySelector('dialog');
const words = dialog.querySelector('p');
const stay = dialog.querySelector('[data-stay]');
const signIn = dialog.querySelector('[data-sign-in]');
const warning = words.textContent;
let timer;

function show(left) {
  clearTimeout(timer);
  if (left.warns > 0) {
    dialog.close();
    timer = setTimeout(look, left.warns * 1000);
    return;
  }
  if (left.ends > 0) {
    // The person may have signed in again in another tab since the dialog last said that the session is over.
    words.textContent = warning;
    stay.hidden = false;
    signIn.hidden = true;
    timer = setTimeout(look, (left.ends + 1) * 1000);
  } else {
    words.textContent = box.dataset.over;
    stay.hidden = true;
    signIn.hidden = false;
  }
  if (dialog.open) return;
  // In the elder mode nothing pops up: the warning is a bar that takes no focus.
  if (dialog.classList.contains('calm')) dialog.open = true;
  else dialog.showModal();
}

async function ask(path, method) {
  try {
    const answer = await fetch(path, { method, headers: { accept: 'application/json' } });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

async function look() {
  const left = await ask('/session/left', 'GET');
  if (left) show(left);
  else timer = setTimeout(look, 5000);
}

stay.addEventListener('click', async () => {
  const left = await ask('/session', 'POST');
  if (!left) return;
  show(left);
  // The maximum age of the session is reached, so it cannot be extended.
  if (left.ends > 0 && left.warns <= 0) words.textContent = box.dataset.last;
});
dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
document.addEventListener('visibilitychange', () => document.hidden || look());
show({ ends: Number(box.dataset.ends), warns: Number(box.dataset.warns) });
