// What is typed is kept in this tab until it has been sent: a reload, a lost session or a closed lid loses nothing.
// Kept for one person, in this tab alone, and gone when he signs out; never files, never passwords.
(function () {
  "use strict";
  var body = document.body, who = body.dataset.kcUser, MINE = "kc|", SENT = "kc-sent", waiting = {}, timer;
  function store(act, key, value) { try { return sessionStorage[act](key, value); } catch (full) { return null; } }
  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }

  document.addEventListener("submit", function (event) {
    if (!/dang-xuat/.test(event.target.action)) return;
    clearTimeout(timer);
    Object.keys(sessionStorage).forEach(function (key) { if (key.indexOf("kc") === 0) store("removeItem", key); });
  });
  if (!who) return;

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && field.name[0] !== "_" && !/^(hidden|file|password|submit|button)$/.test(field.type);
    });
  }
  function acts(form) { // forms that act and are not kept on the server already
    return form.matches("form") && form.querySelector("[name=_once]") && !form.matches("[data-kc-draft], [data-kc-autosave], .kc-confirm form") && fields(form).length;
  }
  function key(form) {
    var names = fields(form).map(function (field) { return field.name; });
    return MINE + who + "|" + (form.getAttribute("action") || location.pathname + location.search) + "|" + names[0] + names.length;
  }
  function values(form) {
    return fields(form).map(function (field) {
      if (field.type === "checkbox" || field.type === "radio") return field.checked;
      return field.multiple ? all("option", field).filter(function (o) { return o.selected; }).map(function (o) { return o.value; }) : field.value;
    });
  }
  function put(field, value) {
    if (field.type === "checkbox" || field.type === "radio") field.checked = value;
    else if (field.multiple) all("option", field).forEach(function (option) { option.selected = value.indexOf(option.value) >= 0; });
    else field.value = value;
    if (field.tagName === "SELECT" && !field.multiple && field.value !== value) waiting[field.id] = value; // its choices are on their way
    if (field.hasAttribute("hx-get")) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function say(form, at, before) {
    var line = document.createElement("p"), drop = document.createElement("button");
    all(".kc-kept", form).forEach(function (old) { old.remove(); });
    line.className = "kc-kept kc-small";
    line.setAttribute("role", "status");
    line.textContent = body.dataset.kcKept.replace("{time}", at) + " ";
    drop.type = "button";
    drop.className = "btn btn-link btn-sm p-0";
    drop.textContent = body.dataset.kcDrop;
    drop.addEventListener("click", function () {
      store("removeItem", key(form));
      fields(form).forEach(function (field, index) { put(field, before[index]); });
      line.remove();
    });
    line.appendChild(drop);
    form.insertBefore(line, form.firstChild);
  }

  function begin() {
    if (!document.querySelector(".kc-frame, main.phone")) return; // a refusal: nothing has been done
    var forms = all("main form").filter(acts), sent = store("getItem", SENT);
    var done = document.querySelector(".kc-messages .success");
    if (sent && (done || !forms.some(function (form) { return key(form) === sent; }))) store("removeItem", sent);
    store("removeItem", SENT);
    forms.forEach(function (form) {
      var kept = JSON.parse(store("getItem", key(form)) || "null"), before = values(form);
      if (form.dataset.kcBegun || !kept) return;
      form.dataset.kcBegun = "1";
      if (form.hasAttribute("data-kc-answered")) return; // it came back with more than was sent: what a file says
      if (JSON.stringify(kept.values) === JSON.stringify(before)) return;
      fields(form).forEach(function (field, index) { put(field, kept.values[index]); });
      say(form, kept.at, before);
    });
  }
  begin();
  document.addEventListener("htmx:afterSettle", function (event) {
    var id = event.detail.target.id, field = document.getElementById(id);
    if (id in waiting && field) { field.value = waiting[id]; delete waiting[id]; return; }
    if (event.detail.target.matches("main, .kc-sec")) begin();
  });
  function keep(form) {
    var now = new Date(), at = ("0" + now.getHours()).slice(-2) + ":" + ("0" + now.getMinutes()).slice(-2);
    clearTimeout(timer);
    store("setItem", key(form), JSON.stringify({ at: at, values: values(form) }));
  }
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !acts(form)) return;
    form.dataset.kcBegun = "1"; // what is being typed is newer than what was kept
    clearTimeout(timer);
    timer = setTimeout(function () { keep(form); }, 300);
  });
  document.addEventListener("submit", function (event) {
    if (!acts(event.target)) return;
    keep(event.target);
    store("setItem", SENT, key(event.target));
  });
})();
