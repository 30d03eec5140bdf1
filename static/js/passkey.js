/* Makes and uses passkeys (WebAuthn), by allauth's webauthn-json.js.
 *
 *   <form data-passkey="make|use" data-passkey-options="id">   id of the json_script with the options
 *     <input name="credential" type="hidden">                 gets the browser's answer
 *     <button type="button" data-passkey-start>
 *     <p class="passkey-said" role="status" hidden>           says why it cannot be done
 */
(function () {
  "use strict";

  const NUMERIC = /^(\d+\.){3}\d+$|^\[/;

  function obstacle() {
    if (!window.isSecureContext) {
      return "Peramban hanya mengizinkan passkey pada alamat https, sedangkan alamat ini http. "
        + "Gunakan aplikasi autentikator, atau minta alamat https kepada pemasang aplikasi.";
    }
    if (NUMERIC.test(window.location.hostname)) {
      return "Peramban tidak mengizinkan passkey pada alamat berupa angka. Buka aplikasi ini "
        + "dengan nama alamatnya, atau gunakan aplikasi autentikator.";
    }
    if (!window.PublicKeyCredential) {
      return "Peramban ini tidak mengenal passkey. Gunakan peramban lain atau aplikasi autentikator.";
    }
    return "";
  }

  function explain(error) {
    if (error.name === "InvalidStateError") return "Perangkat ini sudah terdaftar sebagai passkey Anda.";
    if (error.name === "NotAllowedError") {
      return "Passkey dibatalkan atau waktunya habis. Tekan tombolnya untuk mencoba lagi.";
    }
    return "Passkey tidak dapat dipakai (" + error.name + "). Coba lagi, atau gunakan aplikasi autentikator.";
  }

  function say(form, text) {
    const place = form.querySelector(".passkey-said");
    place.textContent = text;
    place.hidden = text === "";
  }

  async function start(form) {
    say(form, "");
    const options = JSON.parse(document.getElementById(form.dataset.passkeyOptions).textContent);
    try {
      const answer = form.dataset.passkey === "make"
        ? await window.webauthnJSON.create(options.creation_options)
        : await window.webauthnJSON.get(options.request_options);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      say(form, explain(error));
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      const button = form.querySelector("[data-passkey-start]");
      const reason = obstacle();
      if (reason) {
        button.disabled = true;
        say(form, reason);
        continue;
      }
      button.addEventListener("click", function () { start(form); });
      // Enter in the name's field means the button, not a form without a passkey.
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        start(form);
      });
    }
  });
})();
