/* Show and hide a password field: <button type="button" data-reveal="#id" aria-pressed="false">.
 * The button's word changes with it; leaving the page or submitting hides the field again.
 */
(function () {
  "use strict";

  function set(button, shown) {
    const field = document.querySelector(button.dataset.reveal);
    if (!field) return;
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    (button.querySelector(".reveal-word") || button).textContent = shown ? "sembunyikan" : "tampilkan";
  }

  function hideAll() {
    for (const button of document.querySelectorAll('[data-reveal][aria-pressed="true"]')) set(button, false);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-reveal]");
    if (button) set(button, button.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("submit", hideAll);
  window.addEventListener("pagehide", hideAll);
})();
