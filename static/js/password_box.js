/* The password of one account (templates/executing/_password.html): asked for by POST when it is
 * first shown or copied, kept in its masked field until the page is left, never anywhere else.
 *
 *   <button data-password-first …>   waits for the password, then does what it does (data-reveal,
 *                                    data-copy-from); without scripts it submits #password-reveal
 *   <form id="password-new">         makes a new one, which is shown at once
 */
(function () {
  "use strict";

  const UNREACHABLE = "Password tidak dapat diambil. Muat ulang halaman ini, lalu coba lagi.";

  function field() { return document.getElementById("password"); }

  function say(text, refused) {
    const note = document.getElementById("password-note");
    note.textContent = text;
    note.classList.toggle("password-refusal", Boolean(refused));
  }

  /** Which password is the newest, as far as this page knows; the server compares it. */
  function remember(mark) {
    for (const seen of document.querySelectorAll('input[name="password_seen"]')) seen.value = mark;
  }

  /** Posts the form and puts the answer into the field; false when refused. */
  async function ask(form) {
    let answer = {};
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { "X-CSRFToken": window.sop.csrfToken(), Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        cache: "no-store",
      });
      answer = await response.json();
    } catch {
      answer = {};
    }
    if (!answer.password) {
      say(answer.message || UNREACHABLE, true);
      return false;
    }
    field().value = answer.password;
    if (answer.mark) remember(answer.mark);
    return true;
  }

  // In the capturing phase, before reveal.js and copy.js meet the press: they are given it again
  // once the password is there.
  document.addEventListener("click", async function (event) {
    const button = event.target.closest("[data-password-first]");
    if (!button) return;
    event.preventDefault();
    if (field().value) return;
    event.stopImmediatePropagation();
    if (button.dataset.asking) return;
    button.dataset.asking = "1";
    const there = await ask(document.getElementById("password-reveal"));
    delete button.dataset.asking;
    if (!there) return;
    say("", false);
    button.click();
  }, true);

  document.addEventListener("submit", async function (event) {
    const form = event.target;
    if (form.id !== "password-new") return;
    event.preventDefault();
    if (form.dataset.asking) return;
    form.dataset.asking = "1";
    const made = await ask(form);
    delete form.dataset.asking;
    if (!made) return;
    say("Password baru dibuat. Masukkan ke SPSE; yang lama sudah dimusnahkan.", false);
    form.closest("details").open = false;
    const buttons = document.querySelector(".password-buttons");
    buttons.hidden = false;
    const reveal = buttons.querySelector("[data-reveal]");
    if (reveal.getAttribute("aria-pressed") !== "true") reveal.click();
    reveal.focus();
  });

  window.addEventListener("pagehide", function () {
    if (field()) field().value = "";
  });
})();
