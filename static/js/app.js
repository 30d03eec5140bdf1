/* What every page shares: a voice for screen readers, CSRF for htmx, one press per form, print
 * buttons, the reader's eye on the list of errors, and a note while the server does not answer.
 *
 *   window.sop.announce(text)   says `text` through the polite live region of base.html
 *   <button data-print>         opens the browser's print dialog
 *   <form data-many>            may be submitted several times (downloads); others only once
 */
(function () {
  "use strict";

  const sop = (window.sop = window.sop || {});

  sop.announce = function (text) {
    const voice = document.getElementById("voice");
    if (!voice) return;
    voice.textContent = "";
    window.setTimeout(function () { voice.textContent = text; }, 50);
  };

  sop.csrfToken = function () {
    const meta = document.querySelector('meta[name="csrf-token"]');
    return meta ? meta.content : "";
  };

  // A page that asks by itself, every few seconds, does not keep its person's session alive, unless
  // somebody was at the keys or the pointer since it last asked: who types is not idle.
  let acted = false;
  for (const sign of ["keydown", "pointerdown"]) {
    document.addEventListener(sign, function () { acted = true; }, true);
  }

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = sop.csrfToken();
    if (!event.detail.triggeringEvent && !acted) event.detail.headers["X-Background"] = "1";
    acted = false;
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  // A second press on the same button would only meet "sudah dikerjakan": spare people that.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
    if (form.dataset.submitted) {
      event.preventDefault();
      return;
    }
    form.dataset.submitted = "1";
    const button = event.submitter;
    if (button) {
      button.setAttribute("aria-disabled", "true");
      button.classList.add("disabled");
    }
  });
  window.addEventListener("pageshow", function () {
    for (const form of document.querySelectorAll("form[data-submitted]")) {
      delete form.dataset.submitted;
      for (const button of form.querySelectorAll('[aria-disabled="true"]')) {
        button.removeAttribute("aria-disabled");
        button.classList.remove("disabled");
      }
    }
  });

  // A part of the page that could not be brought up to date: said once, until it can be again.
  const STALLED = "Bagian halaman ini belum dapat diperbarui karena server belum menjawab. Halaman "
    + "mencoba lagi dengan sendirinya; yang Anda ketik tetap ada.";

  function stalled(isStalled) {
    let note = document.getElementById("stalled");
    if (!note && !isStalled) return;
    if (!note) {
      note = document.createElement("div");
      note.id = "stalled";
      note.className = "notice notice-warning";
      note.setAttribute("role", "status");
      note.append(document.createElement("p"));
      note.hidden = true;
      (document.querySelector("main") || document.body).prepend(note);
    }
    if (note.hidden !== isStalled) return;
    note.hidden = !isStalled;
    note.firstChild.textContent = isStalled ? STALLED : "";
  }
  document.addEventListener("htmx:sendError", function () { stalled(true); });
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status >= 500) stalled(true);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful) stalled(false);
  });

  function focusErrors(root) {
    const summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  }
  document.addEventListener("DOMContentLoaded", function () { focusErrors(document); });
  document.addEventListener("htmx:afterSettle", function (event) { focusErrors(event.target); });
})();
