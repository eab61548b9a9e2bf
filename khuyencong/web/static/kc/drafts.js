// Long texts are kept while they are typed: each field by itself, two seconds after the last key.
(function () {
  "use strict";
  document.querySelectorAll("form[data-kc-draft]").forEach(function (form) {
    var timers = {}, said = form.querySelector("[data-kc-saved]");
    form.addEventListener("input", function (event) {
      var field = event.target;
      if (!field.matches("[data-kc-part]")) return;
      clearTimeout(timers[field.name]);
      timers[field.name] = setTimeout(function () {
        timers[field.name] = null;
        var data = new FormData();
        data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
        data.append(field.name, field.value);
        fetch(form.dataset.kcDraft, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" })
          .then(function (answer) {
            if (answer.redirected) { said.textContent = document.body.dataset.kcEnded; return null; }
            return answer.text().then(function (text) {
              said.textContent = answer.ok ? text : document.body.dataset.kcOffline;
              if (answer.ok && !Object.keys(timers).some(function (name) { return timers[name]; })) form.dispatchEvent(new CustomEvent("kc:saved", { bubbles: true }));
            });
          })
          .catch(function () { said.textContent = document.body.dataset.kcOffline; });
      }, 2000);
    });
  });
})();
