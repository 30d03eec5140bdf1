/* What every page shares: a voice for screen readers, CSRF for htmx, one press per form, print
 * buttons, and the reader's eye on the list of errors.
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

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = sop.csrfToken();
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

  function focusErrors(root) {
    const summary = root.querySelector(".error-summary");
    if (summary) summary.focus();
  }
  document.addEventListener("DOMContentLoaded", function () { focusErrors(document); });
  document.addEventListener("htmx:afterSettle", function (event) { focusErrors(event.target); });
})();
