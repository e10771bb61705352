// Keys of the desk for those who answer many cases: they move the focus, and the browser does the rest. None works in a field or
// with a modifier; a box in the list of keys switches them off in this browser.
const dialog = document.querySelector('.desk-keys');
const opener = document.querySelector('.desk-keys-open');
const used = dialog.querySelector('input');
const OFF = 'desk-keys-off';
const FIELD = ':is(button, select, textarea, input:not([type=hidden]))';

function step(by) {
  const rows = [...document.querySelectorAll('.desk-list .row-link')];
  const focused = rows.indexOf(document.activeElement);
  const from = focused < 0 ? rows.findIndex((row) => row.hasAttribute('aria-current')) : focused;
  rows[from < 0 ? 0 : from + by]?.focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => document.querySelector(`#actions ${FIELD}`)?.focus(),
  d: () => document.querySelector('#actions [value=decline]')?.form.querySelector(FIELD).focus(),
  n: () => document.querySelector('.desk-next a')?.click(),
  '/': () => {
    const search = document.querySelector('#number');
    search?.focus();
    search?.select();
  },
  '?': () => dialog.showModal(),
};

addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !used.checked || dialog.open) return;
  if (target.closest?.('input, select, textarea') || !Object.hasOwn(keys, key)) return;
  event.preventDefault();
  keys[key]();
});

used.checked = !localStorage.getItem(OFF);
used.addEventListener('change', () => (used.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, '1')));
opener.hidden = false;
opener.addEventListener('click', () => dialog.showModal());
