/* Compares a file with a paper without sending it anywhere: the browser computes its SHA-256 and
 * only that is asked for.
 *
 *   <form data-check-file>     asks with its field "sha256"
 *     <… data-drop hidden>     shown where the browser can compute; holds a file input, takes drops
 *     <… data-progress data-counting="…" data-failed="…">   says what goes on
 *     <… data-no-digest hidden>   shown instead where it cannot: plain http on another machine's name
 *
 * Without scripts the SHA-256 is typed.
 */
(function () {
  "use strict";

  function hexadecimal(bytes) {
    return Array.from(new Uint8Array(bytes), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }

  async function check(form, file) {
    const progress = form.querySelector("[data-progress]");
    progress.textContent = progress.dataset.counting;
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      form.elements.sha256.value = hexadecimal(digest);
    } catch {
      progress.textContent = progress.dataset.failed;
      return;
    }
    progress.textContent = "";
    form.submit();
  }

  function begin(form) {
    if (!window.crypto || !window.crypto.subtle) {
      form.querySelector("[data-no-digest]").hidden = false;
      return;
    }
    const drop = form.querySelector("[data-drop]");
    drop.hidden = false;
    drop.querySelector("input[type=file]").addEventListener("change", function (event) {
      const file = event.target.files[0];
      if (file) check(form, file);
    });
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, function (event) {
        event.preventDefault();
        drop.classList.add("drop-over");
      });
    }
    drop.addEventListener("dragleave", function () { drop.classList.remove("drop-over"); });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      drop.classList.remove("drop-over");
      const file = event.dataTransfer.files[0];
      if (file) check(form, file);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    for (const form of document.querySelectorAll("form[data-check-file]")) begin(form);
  });
})();
