// A password can be looked at while it is typed. It is hidden again when it is sent, so that the browser does not offer it as a
// text typed before.
for (const button of document.querySelectorAll("[data-hide-password]")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const [show, hide] = [button.textContent, button.dataset.hidePassword];
  const reveal = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? hide : show;
  };
  button.hidden = false;
  button.addEventListener("click", () => reveal(field.type === "password"));
  field.form?.addEventListener("submit", () => reveal(false));
}
