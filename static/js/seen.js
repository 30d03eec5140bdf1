/* Tells the server, once, that a person was shown something: an element with data-seen-url is
 * reported by POST when it is on the screen of a visible page. A failed report is tried again the
 * next time the element comes into view.
 */
(function () {
  "use strict";

  async function report(element) {
    const url = element.dataset.seenUrl;
    element.removeAttribute("data-seen-url");
    try {
      const answer = await fetch(url, {
        method: "POST",
        // Nobody acted: the session of somebody who is away must not live on by this.
        headers: { "X-CSRFToken": window.sop.csrfToken(), "X-Background": "1" },
        credentials: "same-origin",
      });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      element.dataset.seenUrl = url;
    }
  }

  const watcher = new IntersectionObserver(function (entries) {
    for (const entry of entries) {
      if (entry.isIntersecting && document.visibilityState === "visible" && entry.target.dataset.seenUrl) {
        report(entry.target);
      }
    }
  });

  function begin(root) {
    if (root instanceof Element && root.matches("[data-seen-url]")) watcher.observe(root);
    for (const element of root.querySelectorAll("[data-seen-url]")) watcher.observe(element);
  }

  // A page opened in a background tab counts as shown when somebody turns to it.
  document.addEventListener("visibilitychange", function () {
    for (const element of document.querySelectorAll("[data-seen-url]")) {
      watcher.unobserve(element);
      watcher.observe(element);
    }
  });
  document.addEventListener("DOMContentLoaded", function () { begin(document); });
  document.addEventListener("htmx:load", function (event) { begin(event.target); });
})();
