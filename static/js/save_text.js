/* Saves what is on the page as a text file, without asking the server again:
 * <button data-save-from="#id" data-save-name="name.txt">.
 */
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-save-from]");
    if (!button) return;
    const text = document.querySelector(button.dataset.saveFrom).textContent;
    const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = button.dataset.saveName;
    link.click();
    URL.revokeObjectURL(address);
    window.sop.announce("Berkas " + button.dataset.saveName + " disimpan");
  });
})();
