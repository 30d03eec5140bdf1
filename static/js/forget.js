/* A secret that is shown on a page goes with the page: "Back" must not bring it again, whatever
 * the browser keeps of a page that was left.
 *
 *   <… data-forget>             is emptied when the page is left
 *   <… data-forgotten hidden>   is shown in its place
 */
(function () {
  "use strict";

  window.addEventListener("pagehide", function () {
    for (const secret of document.querySelectorAll("[data-forget]")) secret.replaceChildren();
    for (const note of document.querySelectorAll("[data-forgotten]")) note.hidden = false;
  });
})();
