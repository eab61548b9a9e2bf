// The frame.  Every page works without this file; it only makes it smoother.
(function () {
  "use strict";
  var body = document.body;
  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }

  // what only those without a script need, also in what htmx brings
  function plain() { all("[data-kc-plain]").forEach(function (element) { element.hidden = true; }); }
  plain();
  document.addEventListener("htmx:afterSwap", plain);

  // menus close when one leaves them
  document.addEventListener("click", function (event) {
    all("details.kc-menu[open], details.kc-share[open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") all("details.kc-menu[open], details.kc-share[open], details.kc-confirm[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !event.target.isContentEditable) {
      var search = document.querySelector("[data-kc-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
  });

  // share through the phone's own sheet, or copy
  function copy(box) {
    var text = box.querySelector("textarea"), button = box.querySelector("[data-kc-copy]");
    function said() { button.textContent = body.dataset.kcCopied; }
    if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(said, function () { text.select(); });
    else { text.select(); if (document.execCommand("copy")) said(); }
  }
  all("[data-kc-copy]").forEach(function (button) { button.hidden = false; });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-kc-copy]"), summary = event.target.closest("[data-kc-share] > summary");
    if (button) copy(button.closest("[data-kc-share]"));
    if (summary && navigator.share && window.matchMedia("(pointer: coarse)").matches) {
      event.preventDefault();
      var box = summary.parentNode, what = { text: box.dataset.kcShare };
      if (box.dataset.kcUrl) what.url = box.dataset.kcUrl;
      navigator.share(what).catch(function () {});
    }
  });

  all("[data-kc-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // what was typed is not lost unasked: once for the page, and a form being sent is not left
  var typed = false;
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.method === "post" && !form.hasAttribute("data-kc-free")) typed = true;
  });
  document.addEventListener("submit", function (event) {
    typed = false;
    var form = event.target;
    if (form.method !== "post") return;
    // after the browser has gathered the fields: a second click sends nothing
    setTimeout(function () { all("button[type=submit]", form).forEach(function (button) { button.disabled = true; }); }, 0);
    window.addEventListener("pageshow", function () {
      all("button[type=submit]", form).forEach(function (button) { button.disabled = false; });
    });
  });
  document.addEventListener("kc:saved", function () { typed = false; });
  window.addEventListener("beforeunload", function (event) { if (typed) { event.preventDefault(); event.returnValue = ""; } });

  // a paper already recorded needs none of the fields of a new one
  all("select[data-kc-recorded]").forEach(function (select) {
    function show() {
      all("[data-kc-new-paper]", select.form).forEach(function (field) { field.closest(".kc-field").hidden = !!select.value; });
    }
    select.addEventListener("change", show);
    show();
  });

  // a panel edited in place: what was typed in it is gone, and the keyboard stays where the person works
  var panel = "";
  document.addEventListener("htmx:beforeRequest", function (event) {
    var box = event.target.closest(".kc-sec[id]");
    if (box) panel = box.id;
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var box = panel && document.getElementById(panel), place = event.detail.target;
    if (!box || !place.matches("main, .kc-sec")) return;
    var inside = box.classList.contains("kc-inside");
    var field = inside && (box.querySelector("[aria-invalid=true], [autofocus]") || box.querySelector("input:not([type=hidden]), select, textarea"));
    typed = inside && Boolean(box.querySelector("[aria-invalid=true], .kc-refusal"));
    (field || box.querySelector("header a") || box).focus();
  });

  // filters: a changed select asks at once
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-kc-live") && event.target.tagName === "SELECT" && form.requestSubmit) form.requestSubmit();
  });

  // the view over a list that says what its filter says now
  function said(search) {
    var kept = Array.from(new URLSearchParams(search)).filter(function (pair) { return pair[1] && pair[0] !== "trang"; });
    return kept.map(function (pair) { return pair.join("="); }).sort().join("&");
  }
  function toView() { // on a phone the row is longer than the window
    all(".kc-views").forEach(function (row) {
      var now = row.querySelector("[aria-current]");
      if (now) row.scrollLeft = now.offsetLeft - row.offsetLeft - (row.clientWidth - now.offsetWidth) / 2;
    });
  }
  toView();
  document.addEventListener("htmx:afterSettle", toView);
  document.addEventListener("htmx:pushedIntoHistory", function () {
    function here(link) { return link.pathname === location.pathname; }
    all(".kc-views").forEach(function (row) {
      var links = all("a:not(.kc-small)", row), views = links.every(here);
      links.filter(function (link) { return here(link) && (link.search || views); }).forEach(function (link) {
        if (said(link.search) === said(location.search)) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
    });
  });

  // what htmx could not do is said where the person is
  function quiet() { all(".kc-messages.kc-offline").forEach(function (old) { old.remove(); }); }
  document.addEventListener("htmx:afterSwap", quiet);
  function complain(event) {
    var main = document.getElementById("noi-dung"), box = document.createElement("div"), line = document.createElement("p");
    quiet();
    all("form[hx-post] button[disabled]").forEach(function (button) { button.disabled = false; });
    box.className = "kc-messages kc-offline";
    box.setAttribute("role", "alert");
    line.className = "error";
    line.textContent = event.detail.xhr && event.detail.xhr.status === 401 ? body.dataset.kcEnded : body.dataset.kcOffline;
    box.appendChild(line);
    main.insertBefore(box, main.firstChild);
    box.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:sendError", complain);
  document.addEventListener("htmx:responseError", complain);
  document.addEventListener("htmx:configRequest", function (event) {
    var token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
  });

  // a long page of refusals begins at the first one
  var wrong = document.querySelector(".kc-refusal, .kc-error");
  if (wrong) wrong.scrollIntoView({ block: "center" });
})();
