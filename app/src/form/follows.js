// Whenever the form is saved while typing, the server is asked for the same page again: what it says about the form so far
// (data-live) is replaced, and what it no longer refuses disappears from the summary and from its field. The rules stay on the
// server.
const form = document.getElementById("page-form");
let asked = 0;

const follow = async () => {
  const mine = ++asked;
  const held = (name) => encodeURIComponent(form.elements[name]?.value ?? "");
  const answer = await fetch(`${form.getAttribute("action")}?key=${held("key")}&step=${held("step")}`).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const live of form.querySelectorAll("[data-live]")) {
    const now = page.querySelector(`[data-live="${live.dataset.live}"]`);
    // What has the focus is being used.
    if (!now || live.contains(document.activeElement)) continue;
    live.replaceChildren(...now.childNodes);
    // Fields that say that a script has shown something for the choices the form sends; it comes into view.
    for (const placed of live.querySelectorAll("[data-placed]")) {
      placed.disabled = false;
      live.scrollIntoView({ block: "nearest" });
    }
  }
  mend(page);
};

const mend = (page) => {
  const errors = document.getElementById("errors");
  if (!errors) return;
  for (const error of form.querySelectorAll(".error[id$='-error']")) {
    if (page.getElementById(error.id)) continue;
    error.hidden = true;
    error.closest(".field-wrong")?.classList.remove("field-wrong");
    for (const field of form.querySelectorAll(`[aria-describedby~="${error.id}"]`)) field.removeAttribute("aria-invalid");
  }
  for (const item of errors.querySelectorAll("[data-refusal]")) {
    if (!page.querySelector(`#errors [data-refusal="${item.dataset.refusal}"]`)) item.remove();
  }
  const left = errors.querySelectorAll("[data-refusal]").length;
  if (left === 0) {
    errors.remove();
    document.title = page.title;
  } else if (left === 1) {
    // The server renders a single one without a heading above it.
    errors.querySelector(":scope > h2")?.remove();
    const title = errors.querySelector("h3");
    const alone = document.createElement("h2");
    alone.append(...(title?.childNodes ?? []));
    title?.replaceWith(alone);
  } else errors.querySelector(":scope > h2")?.replaceChildren(page.querySelector("#errors > h2")?.textContent ?? "");
};

form?.addEventListener("saved", follow);
