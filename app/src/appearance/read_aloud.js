// Reads the page aloud, if the device itself has a voice for its language; a voice of a distant service would hear what a customer
// reads. The button is hidden until such a voice is found.
const button = document.querySelector('.read-aloud');
const speech = window.speechSynthesis;
const language = document.documentElement.lang.slice(0, 2);

function voice() {
  return speech.getVoices().find((each) => each.localService && each.lang.toLowerCase().startsWith(language));
}

function stop() {
  speech.cancel();
  button.setAttribute('aria-pressed', 'false');
}

if (button && speech) {
  const look = () => {
    button.hidden = !voice();
  };
  look();
  speech.addEventListener?.('voiceschanged', look);
  button.addEventListener('click', () => {
    if (speech.speaking) return stop();
    const words = new SpeechSynthesisUtterance(document.querySelector('main').innerText);
    words.voice = voice();
    words.lang = words.voice.lang;
    words.rate = 0.9;
    words.addEventListener('end', stop);
    button.setAttribute('aria-pressed', 'true');
    speech.speak(words);
  });
  addEventListener('pagehide', () => speech.cancel());
}
