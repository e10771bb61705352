// Asks the device for a new passkey or for a known one, and sends the form with its answer. One that is to be given is asked for at
// once; the button asks again.
const form = document.querySelector('[data-passkey]');
const failed = document.querySelector('[data-passkey-failed]');
const answer = form?.elements.answer;

async function ask() {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === 'add') {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

form?.addEventListener('submit', async (event) => {
  if (answer.value) return;
  event.preventDefault();
  failed.hidden = true;
  const { submitter } = event;
  try {
    answer.value = JSON.stringify((await ask()).toJSON());
  } catch {
    failed.hidden = false;
    return;
  }
  form.requestSubmit(submitter);
});

if (form?.dataset.passkey === 'give') form.requestSubmit(form.querySelector('button'));
